"""What a leaving does on a print server: the person's waiting jobs are found, held, released and canceled."""
