package main

import "time"

// Limits on what may be asked of this program. Beyond them it does not start.
const (
	// maxRooms is what a server holds, and maxPlayers the seats of the largest game.
	maxRooms   = 20_000
	maxPlayers = 1024
	// maxActs is what a server takes of one player in the long run, less the
	// frames that are no acts.
	maxActs = 100
	// minSpan has some states in it.
	minSpan = 100 * time.Millisecond
)

// Limits on what a server may do to this program.
const (
	// maxAnswer is the longest answer of the API that is read: a page of rooms is
	// a tenth of it. Longer ones are cut, and do not parse.
	maxAnswer = 1 << 20
	// maxMessage is the longest message that is read: no server here says more.
	// The connection counts as lost.
	maxMessage = 1 << 20
	// maxUnsent is how much may wait for a server that does not read: seconds of
	// inputs. Beyond it they are dropped, as a page drops them.
	maxUnsent = 64 << 10
	// maxAsked is how many commands wait for their answer; meanwhile a bot asks
	// nothing more.
	maxAsked = 256
	// askWithin is how long one call of the API or one try to connect may take.
	askWithin = 10 * time.Second
	// maxRetry is how long to wait where a server says when to ask again.
	maxRetry = time.Minute
	// joinWithin is how long nobody may come in, while some are missing, before
	// the run is given up: longer than any wait that a server asks for.
	joinWithin = maxRetry + 2*askWithin
	// leastPause and mostPause bound the pause before a try to come back.
	leastPause = 250 * time.Millisecond
	mostPause  = 8 * time.Second
	// hands is how many connect at a time: enough to keep a server busy with it,
	// too few for its queue of new connections to overflow.
	hands = 16
)
