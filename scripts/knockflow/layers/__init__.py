"""Biology beyond the steady state, added to the follower and rebuilt for validation."""
