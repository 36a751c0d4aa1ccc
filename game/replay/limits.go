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
	// saveEvery is how far apart states are saved at first: some milliseconds of
	// playing. With maxSaves of them, or maxSavedBytes, every other one goes.
	saveEvery     = 10 * time.Second
	maxSaves      = 64 // ten minutes
	maxSavedBytes = 1 << 20
	// liveBehind is how far behind what may be shown a match that is still played
	// is shown: a quiet room is written once a second, and looked at somewhat
	// later. Less would have the picture stand again and again.
	liveBehind = 2 * time.Second
	// liveLost is how far behind it is live no more: some looks that failed.
	liveLost = 5 * time.Second
)
