"""From files that exist to a survey: questionnaire, source description, places in the programme."""
