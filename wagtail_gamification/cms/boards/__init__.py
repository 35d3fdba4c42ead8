"""The screens of leaderboards and teams."""
