"""The door to NetSuite, over real HTTP and real XML."""
