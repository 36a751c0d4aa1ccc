package lobby

import (
	"time"

	"tickroom/net/wire"
)

// Limits, and the answer at each. Those of huma's validation stand in its tags:
// a page has 1 to 100 rooms (30 unless told) or 1 to 50 matches (20), since all
// players of each are in it; a name may be sent with up to 96 characters, and
// 32 options. 422.
const (
	// maxRooms bounds memory: an idle room costs a few kilobytes. 503 "busy".
	maxRooms = 20_000
	// maxOpened is how many rooms a player opened may be open: enough for a
	// tournament's host, too few to fill a server. 409 "too-many-rooms".
	maxOpened = 8
	// maxPast is how many closed rooms are remembered, for "gone" and "again".
	// One that is forgotten is 404 "no-room".
	maxPast = 2000
	// maxInsiders is how many players a private room knows as having come with
	// its code. One more needs the code each time.
	maxInsiders = 1024
	// maxName is what fits beside a ship, in characters. 422.
	maxName = 24
	// maxBody is the largest request: no call needs a tenth of it. 413.
	maxBody = 16 << 10
	// maxStreams bounds live lists, each a goroutine and a socket, and
	// maxStreamsOf those of one address: a classroom, three tabs each. 503 "busy".
	maxStreams   = 2048
	maxStreamsOf = 200
	// maxLogs is how many logs are read at once: each may be a million entries
	// in memory. 503 "busy".
	maxLogs = 4
	// maxScreenings bounds replays that are being watched, and maxScreened the
	// entries of all their logs: some 400 MB. 503 "busy". maxScreeningsOf is how
	// many a player may have: tabs. One more closes the oldest.
	maxScreenings   = 256
	maxScreened     = 4 << 20
	maxScreeningsOf = 4
	// seekAtOnce is how many screenings play far at a time, each a whole core.
	seekAtOnce = 1
	// lookEvery is how often a match that is watched is looked at. It is shown two
	// seconds behind, so a look may come late and nobody sees it.
	lookEvery = 500 * time.Millisecond

	// addressRate is how many calls a minute one address may make. A classroom
	// of 60 behind one address opens a page each within a minute: some 10 calls
	// each. 429 "too-many".
	addressRate = 1800
	// playerRate is how many calls a minute one player may make. 429 "too-many".
	playerRate = 180
	// guestRate is how many guests a minute one address may make, each a row
	// for ever: a classroom, and each reloads. 429 "too-many".
	guestRate = 240
	// codeRate is how many codes a minute one address may try: hours of guessing
	// for any room of a full server. 429 "too-many".
	codeRate = 240

	// askWithin is how long a room may take to answer, which is microseconds
	// unless its rules are stuck. 503 "busy".
	askWithin = 2 * time.Second
	// writeWithin is how long a piece of a long answer may take to leave; a
	// reader that is slower is dropped.
	writeWithin = 10 * time.Second
	// tokenLife is how long a guest may stay away and still be the same player.
	tokenLife = 180 * 24 * time.Hour
	// reservedFor is how long a room that follows another is kept from
	// strangers: until everybody has pressed "again".
	reservedFor = 15 * time.Second
	// feedPause gathers changes of the live list, so that a busy room costs a
	// watcher at most four messages a second.
	feedPause = 250 * time.Millisecond
	// feedBeat keeps proxies from cutting a quiet live list.
	feedBeat = 15 * time.Second
	// fullLoad is the load, in thousandths, with which a server opens no more
	// rooms: what is left is for the rooms it has, whose matches come to their
	// height, and for those of a server that dies. 503 "busy".
	fullLoad = 850
	// busier is how much more load than the least busy has sends a new room there:
	// more than loads differ by chance, so that rooms are opened where they were
	// asked for.
	busier = 150
	// lateMost is how late ticks of a server begin that can do no more: three of
	// them at the usual rate.
	lateMost = 100 * time.Millisecond
	// loadWeight is what one measure, of a second, counts: a collection of garbage
	// is not a load, some seconds of it are.
	loadWeight = 0.3

	// meetEvery is how often servers tell each other how they are, and live lists
	// of other servers' rooms; tellEvery how often, at most, of their rooms.
	meetEvery = time.Second
	tellEvery = 100 * time.Millisecond
	// cutOffAfter is as long as a lease of the journal: who was not heard of for so
	// long may have lost its rooms.
	cutOffAfter = 5 * time.Second
	// askingMost bounds questions to the directory, each a connection of the
	// database's. One more waits.
	askingMost = 32
	// maxAbroad is how many rooms of other servers a live list shows, the newest.
	maxAbroad = 1000
	// oldestOf is among how many of the newest rooms with a seat the oldest is
	// chosen for whoever wants any.
	oldestOf = 20
	// dialWithin is how long a server may take to be reached by another, headWithin
	// to begin its answer to a call and postWithin on the channel, where a poll
	// waits for something to say. 503 "no-server".
	dialWithin = time.Second
	headWithin = 5 * time.Second
	postWithin = wire.PollWait + headWithin
	// maxSaid is the largest body on the channel, with all that frames it: the
	// owner of the room refuses what is larger.
	maxSaid = wire.MaxSay + 4<<10
	// maxRoads is how many connections to each other server wait to be used again.
	maxRoads = 64

	// codeTries bounds the search for a free code; with a billion codes and 20,000
	// rooms the chance to need more is nil.
	codeTries = 16
)
