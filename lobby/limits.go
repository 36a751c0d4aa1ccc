package lobby

import "time"

// Limits, and the answer at each.
const (
	// maxRooms bounds memory: an idle room costs a few kilobytes. 503 "busy".
	maxRooms = 20_000
	// maxOpened is how many rooms of one player may be open: enough for a
	// tournament's host, too few to fill a server. 409 "too-many-rooms".
	maxOpened = 8
	// maxName is what fits beside a ship, in characters. 422.
	maxName = 24
	// maxBody is the largest request: no call needs a tenth of it. 413.
	maxBody = 16 << 10
	// maxPage and defaultPage are how long lists are. 422 above.
	maxPage     = 100
	defaultPage = 30
	// maxStreams bounds live lists, each a goroutine and a socket. 503 "busy".
	maxStreams = 2048

	// addressRate is how many calls a minute one address may make. A classroom
	// of 60 behind one address opens a page each within a minute: some 10 calls
	// each. 429 "too-many".
	addressRate = 1800
	// playerRate is how many calls a minute one player may make. 429 "too-many".
	playerRate = 180

	// tokenLife is how long a guest may stay away and still be the same player.
	tokenLife = 180 * 24 * time.Hour
	// againFor is how long "again" leads to the same next room.
	againFor = 10 * time.Minute
	// feedPause gathers changes of the live list, so that a busy room costs a
	// watcher at most four messages a second.
	feedPause = 250 * time.Millisecond
	// feedBeat keeps proxies from cutting a quiet live list.
	feedBeat = 15 * time.Second
	// codeTries bounds the search for a free code; with a billion codes and 20,000
	// rooms the chance to need more is nil.
	codeTries = 16
)
