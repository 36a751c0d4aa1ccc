package lobby_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestAllWhoPlayOnMeet in the one room that follows theirs, when all ask at once.
func TestAllWhoPlayOnMeet(t *testing.T) {
	tell(t, func(w *world) {
		players := w.guests(2)
		r := w.open(players[0], choosy, `,"options":{"length":9}`)
		w.again(players[0], r.ID).refused(409, "still-open", "the match has not ended")
		w.play(r.ID, players...)
		var mu sync.Mutex
		tickets := map[string]ticket{}
		w.atOnce(slices.Concat(players, players), func(p guest) {
			got := w.again(p, r.ID).seat("both may play on")
			mu.Lock()
			defer mu.Unlock()
			if had, ok := tickets[p.Player.ID]; ok {
				equal(t, got.Ticket, had.Ticket, "asking twice is asking once")
			}
			tickets[p.Player.ID] = got
		})
		next := tickets[players[0].Player.ID]
		equal(t, tickets[players[1].Player.ID].Room, next.Room, "the same room for all who ask")
		if next.Room == r.ID {
			t.Error("the room that follows is the one before")
		}
		entry := w.look(guest{}, next.Room)
		equal(t, fmt.Sprint(entry.Options), "map[length:9 walls:0]", "on the same terms")
		equal(t, entry.Private, false, "public as the one before")
	})
}

func TestAPrivateRoomIsFollowedByAPrivateOne(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, pair, private)
		w.byCode(ben, r.Code).seat("the code is the way in")
		w.play(r.ID, ann, ben)
		next := w.again(ben, r.ID).seat("who came with the code may play on").Room
		equal(t, w.look(ben, next).Private, true, "it is private too")
		equal(t, w.look(ann, next).ID, next, "who played in the first may come into the next")
		equal(t, w.again(ann, r.ID).seat("so may who opened the first").Room, next, "in the same room")
		w.again(cid, r.ID).refused(403, "private", "a stranger to the first room is one to the next")
		w.byRoom(cid, next).refused(403, "private", "a stranger to the first room is one to the next")
		w.call("GET", "/v1/rooms/"+next, cid.Token, "").refused(403, "private", "a stranger to the first room is one to the next")
	})
}

func TestStrangersDoNotTakeTheSeatsOfThoseWhoPlayOn(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, pair, "")
		w.play(r.ID, ann, ben)
		next := w.again(ann, r.ID).seat("one may play on").Room
		w.join(w.again(ann, r.ID).seat("and is there"))
		if other := w.byGame(w.guest("Cid"), pair).seat("a stranger finds a seat"); other.Room == next {
			t.Error("a stranger was given the seat that waits for Ben")
		}
		equal(t, w.again(ben, r.ID).seat("it waited for Ben").Room, next, "the other who plays on finds the seat free")
		pass(16 * time.Second) // Ben does not connect after all
		equal(t, w.byGame(w.guest("Cid"), pair).seat("there is a seat").Room, next, "after a while the seat is for anybody")
	})
}

// TestWhoComesLateJoinsTheNewest plays three matches in a row; somebody only now
// looks up from the result of the first.
func TestWhoComesLateJoinsTheNewest(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		first := w.open(ann, house, "").ID
		w.play(first, ann, ben)
		second := w.again(ann, first).seat("the second").Room
		w.play(second, ann)
		third := w.again(ann, second).seat("the third").Room
		equal(t, w.again(ben, first).seat("from the first").Room, third, "who comes late from the first joins the third")

		pass(5 * time.Minute)
		equal(t, len(slices.Collect(w.Rooms())), 0, "everybody has gone, and the rooms with them")
		fourth := w.again(ben, first).seat("one may play on from a room that has closed").Room
		equal(t, w.again(ann, third).seat("from the third").Room, fourth, "whichever of them one comes from")
	})
}
