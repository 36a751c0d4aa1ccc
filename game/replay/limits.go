package replay

import "time"

// Defaults of Config.
const (
	DefaultGrace = 60 * time.Second // a reload, a tunnel, a phone in a pocket
	DefaultStill = 30 * time.Minute // a tab that was left paused, and forgotten
)

// Limits of a screening. What happens at each is said beside it.
const (
	// maxLetters is how many messages of one link may wait: a second of the
	// channel's frame limit, twice. One more closes that link: busy.
	maxLetters = 256
	// maxCatchUp is how many missed beats are made up for at once; then the clock
	// slips.
	maxCatchUp = 8
	// seekStep is how many ticks are played in one turn of the lane, some
	// milliseconds: then others have theirs, and a newer wish is heard.
	seekStep = 1000
)
