package room

import "time"

// Defaults of Config.
const (
	DefaultGrace   = 60 * time.Second // a reload, a tunnel, a phone in a pocket
	DefaultReserve = 15 * time.Second // a page needs seconds to load; a seat must not hang on one that never does
	DefaultIdle    = 30 * time.Second // time to send a friend the link of an empty room
	DefaultLinger  = 60 * time.Second // time to read the result and to press "again"
	DefaultKeepFor = 10 * time.Minute // a database is failed over within minutes; memory is held meanwhile

	DefaultSaveEvery = time.Minute // so much is played again after a crash: hundredths of a second
)

// Limits of a room. What happens at each is said beside it.
const (
	// maxWatchers bounds the sends of one tick. One more is refused: ErrFull.
	maxWatchers = 256
	// maxLetters is how many messages of one member may wait for a tick: a
	// second of the channel's frame limit, twice. One more closes that link: busy.
	maxLetters = 256
	// maxCalls bounds requests that wait for an answer. One more: ErrBusy.
	maxCalls = 1024
	// maxAhead is how early an input may come, in parts of a second: half of
	// one covers any usable connection. One for later counts at that horizon.
	maxAhead = 2
	// maxCatchUp is how many missed ticks are made up for at once; a room that
	// is further behind lets its clock slip, since players cannot play faster.
	maxCatchUp = 8
	// maxLog is how many entries a log may have: half an hour of 16 players
	// sending an input every tick. The match is then stopped: "log-full".
	maxLog = 1 << 20
	// slowest is how long a tick may be for links to be polled before it. In a
	// longer one an answer that needs no tick would come late.
	slowest = 100 * time.Millisecond
	// chatBacklog is how many lines a newcomer is told.
	chatBacklog = 32
	// chatBurst lines at once, then one a second. One more is refused: "too-fast".
	chatBurst = 5
	// markEvery is how often a room that is quiet writes how far it is: so much
	// of what nobody did is played anew after a crash.
	markEvery = time.Second
	// maxUnwritten is how far a room may be ahead of its journal. Then it stands
	// still: what is told must wait, and players would see more and more of what
	// may yet be undone.
	maxUnwritten = 3 * time.Second
	// fullChunk is how many bytes a chunk of the journal has before another is
	// begun: a quarter of what a store takes, so that the entry which fills it fits.
	fullChunk = 256 << 10
	// saveRate is how many bytes a second saving a room may come to: a small part
	// of what is written anyway. A larger room is saved less often. One larger than
	// maxSaved is not: half of what a store takes in a chunk, so that it fits beside
	// what happened.
	saveRate = 1 << 10
	maxSaved = 512 << 10
	// maxReplayStep is how much time may pass between two entries of a journal: a
	// room that ticks writes more often. More is a broken journal, which must
	// not keep a server busy.
	maxReplayStep = time.Minute
	// handWithin is how long a stopping room waits for its journal.
	handWithin = 10 * time.Second
	// keepTry bounds one attempt to store a result; keepPause is the first
	// pause between two, doubled up to keepPauseMax.
	keepTry      = 10 * time.Second
	keepPause    = 100 * time.Millisecond
	keepPauseMax = 5 * time.Second
	// keepNotice is when members are told what they wait for.
	keepNotice = time.Second
	// keepAtStop is how long a stopping server tries to store a result.
	keepAtStop = 10 * time.Second
)
