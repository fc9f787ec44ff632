"""Many simulated programmes, and how often what the pipeline says of them is true."""
