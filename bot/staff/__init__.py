"""The people of the hotline and the counters: who they are, how they sign in, what their role allows."""
