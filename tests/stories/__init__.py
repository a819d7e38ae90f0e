"""Stories: what happens in a business, and how the books must stand afterwards."""
