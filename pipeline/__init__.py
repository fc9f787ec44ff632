"""diaoyan (调研): from questionnaires to audited findings and problem lists."""
