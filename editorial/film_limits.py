"""What the channel takes as a video (x-api.md 2.3). Apart from the reader, which loads a large library."""

SHORTEST_S, LONGEST_S = 0.5, 140
SMALLEST_PX, LONGEST_SIDE_PX, SHORTER_SIDE_PX = 32, 1280, 1024
WIDEST_RATIO = 3
MOST_FRAMES_PER_S = 60
MOST_CHANNELS = 2
