class Pingliang: pass
