"""What people read: tables, plots and the single-file report."""
