"""The design problem as one data structure: a compressed follower, its targets, and the way back to the model."""
