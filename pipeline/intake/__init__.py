"""From files that exist to a survey: questionnaire, source, places in the programme."""
