// Package storetest is what every store must do, as tests: [Run] is the suite
// for one store, [RunShared] for two on one database. [Memory] is the plainest
// store that passes, and [Failing] makes any store fail on demand.
//
// It owns nothing: each test opens a store of its own, empty, and what opens
// it sees to its end.
package storetest

import (
	"testing"

	"tickroom/store"
)

// Run tests a store. open gives a new and empty one and closes it after the
// test (closing again is harmless).
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, test := range []struct {
		name string
		do   func(*testing.T, store.Store)
	}{
		{"a player is read as it was saved", playerIsRead},
		{"a player that is there stays as it was", playerStays},
		{"what is not there is not found", notFound},
		{"a match is read as it was saved", matchIsRead},
		{"a match of nothing is read as it was saved", emptyMatchIsRead},
		{"a match that is there stays as it was", matchStays},
		{"a match saved by many at once is kept once", matchSavedByMany},
		{"players come by place, those without one last", playersInOrder},
		{"a player who came twice is there twice, and the match listed once", playerCameTwice},
		{"a match of more players than fit one statement is kept whole", manyPlayers},
		{"a large log comes back as it was", largeLog},
		{"the edges of numbers come back as they were", edgesOfNumbers},
		{"text is kept as UTF-8 without NUL", textIsKept},
		{"matches are listed by game and by player", listed},
		{"private matches are for those who played", privateMatches},
		{"pages have no gap and no double, also of equal times and under inserts", pages},
		{"a page has a limit", pageLimit},
		{"many agree on one secret", secretOfMany},
		{"a journal is read as it was written", journalIsRead},
		{"a batch written again changes nothing", batchAgain},
		{"a room is played forward from its last saved chunk, and all stay", savedChunks},
		{"all rooms that run are listed, whoever has them", runningRooms},
		{"a journal with a gap is told", gaps},
		{"a batch over a limit is refused whole", batchLimits},
		{"more rooms than fit one statement are written, claimed and closed", manyRooms},
		{"a match that is finished is kept, and its room until it is closed", finished},
		{"nothing is done without a lease that is good", leasesFence},
		{"a lease ends by itself", leasesEnd},
		{"a new process fences the one that had its name", newProcess},
		{"rooms of the dead are claimed, rooms of the living are not", claimedFromTheDead},
		{"the longest waiting are claimed first", longestWaitingFirst},
		{"a room is claimed by one of many", claimedByMany},
		{"what was written is read by who claims, however they race", claimRace},
		{"a room's end and a late chunk leave nothing", lateChunk},
		{"its journal does what that in memory does", journalLikeMemory},
		{"servers that live are listed as they report", serversReport},
		{"a card is read as it was shown", cardIsRead},
		{"cards are found by all that a query says", cardsFound},
		{"thousands of cards are listed in pages", manyCards},
		{"cards of servers that are gone are not listed", cardsOfTheGone},
		{"a Show over a limit is refused whole", cardLimits},
		{"nothing that a text can hold breaks a card", cardText},
		{"cards shown by many at once are those of one", cardsOfMany},
		{"who lost a room does not show it any more, however they race", showRace},
		{"its directory does what that in memory does", directoryLikeMemory},
		{"a cancelled call changes nothing and says so", cancelled},
		{"a closed store refuses", closed},
		{"it does what the store in memory does", likeMemory},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.do(t, open(t))
		})
	}
}
