"""What every other room stands on: errors, files, time, processes. No biology and no mathematics."""
