"""What is held equal and what is measured: one folder for each domain of the laboratory."""
