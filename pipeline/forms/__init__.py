"""Forms made from a questionnaire: the offline web form, and the file it hands back."""
