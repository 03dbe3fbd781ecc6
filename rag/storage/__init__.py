"""What a library keeps on disk: the catalogue, the index, token vectors and pictures."""
