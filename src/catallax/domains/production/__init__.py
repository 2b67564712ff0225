"""The production economy: plants, households and the institutions that coordinate them."""
