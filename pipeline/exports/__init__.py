"""Save data back in the formats that people work with, with all that is known of them."""
