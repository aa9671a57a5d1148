"""Ready-made ways of working (运行模式) of real alliances: taken over as data, each rule with what carries it."""
