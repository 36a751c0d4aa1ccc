package lobby_test

import (
	"strings"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/lobby"
)

// TestAskingTwiceIsAskingOnce holds for all three ways to a seat.
func TestAskingTwiceIsAskingOnce(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, trio, "")
		ways := map[string]func() *answer{
			"by room": func() *answer { return w.byRoom(ann, r.ID) },
			"by code": func() *answer { return w.byCode(ann, r.Code) },
			"by game": func() *answer { return w.byGame(ann, trio) },
		}
		first := w.byRoom(ann, r.ID).seat("seats are free")
		equal(t, first.Room, r.ID, "the seat is in the room asked for")
		equal(t, first.Game, "trio", "the game is said, for the page that draws it")
		equal(t, first.Code, r.Code, "the code is said, to invite others by")
		equal(t, first.URL, "ws://example.com/v1/play?room="+r.ID, "the channel is where the call went, for this room")
		equal(t, time.Until(*first.ExpiresAt).Round(time.Second), 15*time.Second, "a seat waits 15 s for its player to connect")
		for way, ask := range ways {
			again := ask().seat(way)
			equal(t, again.Ticket, first.Ticket, way+": the same ticket")
			equal(t, again.Seat, first.Seat, way+": the same seat")
		}
		w.join(first)
		if at := w.byGame(ann, trio).seat("asked while connected").ExpiresAt; at != nil {
			t.Errorf("expires at %v, want null: a seat whose player is connected does not expire", at)
		}
		equal(t, w.look(guest{}, r.ID).Free, 2, "it was one seat all along")
	})
}

func TestACodeMayBeTypedAsOneLikes(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, trio, private)
		want := w.byCode(ann, r.Code).seat("as it was told").Ticket
		dashed := r.Code[:3] + "-" + r.Code[3:]
		spaced := r.Code[:3] + "%20" + r.Code[3:]
		alike := strings.NewReplacer("0", "O", "1", "l").Replace(r.Code)
		for _, typed := range []string{strings.ToLower(r.Code), dashed, spaced, alike, strings.ToLower(alike)} {
			equal(t, w.byCode(ann, typed).seat(typed).Ticket, want, typed+" is the same code")
		}
	})
}

// TestLookAlikesAreOneCode has every room's code be the same letters.
func TestLookAlikesAreOneCode(t *testing.T) {
	zeros := func(c *lobby.Config) { c.Random = func(b []byte) { clear(b); b[len(b)-1] = 1 } }
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, trio, private)
		equal(t, r.Code, "000001", "of these dice")
		for _, typed := range []string{"OOOOOI", "oooool", "0o0O-0i"} {
			w.byCode(ann, typed).ok(201, typed+" looks like 000001")
		}
		w.call("POST", "/v1/rooms", ann.Token, `{"game":"pair"}`).refused(503, "busy", "two rooms never share a code, even when chance is out of codes")
	}, zeros)
}

func TestAFullRoomSaysSo(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, pair, "")
		w.byRoom(ann, r.ID).seat("free")
		w.byCode(ben, r.Code).seat("free")
		w.byRoom(cid, r.ID).refused(409, "full", "both seats are promised")
		w.byCode(cid, r.Code).refused(409, "full", "both seats are promised")
		watching := w.call("POST", "/v1/rooms/"+r.ID+"/seats", cid.Token, `{"spectate":true}`).seat("one may watch a full room")
		equal(t, watching.Seat, int(game.Watcher), "who watches has no seat")
		again := w.call("POST", "/v1/rooms/"+r.ID+"/seats", cid.Token, `{"spectate":true}`).seat("asking again is nothing new")
		equal(t, again.Ticket, watching.Ticket, "asking twice to watch is asking once")
		pass(16 * time.Second)
		w.byRoom(cid, r.ID).seat("who did not come in time lost the seat: never falsely full")
	})
}

func TestAMatchThatBeganIsLocked(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, trio, "")
		w.join(w.byRoom(ann, r.ID).seat("free"))
		w.join(w.byRoom(ben, r.ID).seat("free"))
		pass(time.Second)
		equal(t, w.look(guest{}, r.ID).Free, 0, "no seat can be taken in a match that takes nobody in")
		w.byRoom(cid, r.ID).refused(409, "locked", "a seat is open, but the match has begun")
		if other := w.byGame(cid, trio).seat("another room will do"); other.Room == r.ID {
			t.Error("join-or-create led into a locked match")
		}

		late := w.open(ann, house, "")
		w.join(w.byRoom(ann, late.ID).seat("free"))
		pass(time.Second)
		w.byRoom(cid, late.ID).seat("this game takes people in late")
	})
}

func TestAMatchThatIsOverTakesNobody(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, house, "")
		w.play(r.ID, ann)
		equal(t, w.look(guest{}, r.ID).Status, "over", "the match ended")
		w.byRoom(ben, r.ID).refused(410, "over", "its match is over")
		w.byCode(ben, r.Code).refused(410, "over", "its match is over")
		if other := w.byGame(ann, house).seat("another room"); other.Room == r.ID {
			t.Error("join-or-create led back into a match that is over")
		}
		pass(2 * time.Minute)
		w.byRoom(ben, r.ID).refused(410, "gone", "the room has closed")
	})
}

func TestLeavingIsForGood(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, trio, "")
		w.leave(ann, r.ID).refused(404, "no-seat", "who has no seat cannot leave it")
		first := w.byRoom(ann, r.ID).seat("free")
		a := w.leave(ann, r.ID).ok(204, "one may leave")
		equal(t, a.body, "", "there is nothing to say")
		w.leave(ann, r.ID).refused(404, "no-seat", "it is done")
		equal(t, w.look(guest{}, r.ID).Free, 3, "the seat is open again")
		equal(t, w.byRoom(ben, r.ID).seat("free").Seat, first.Seat, "the next takes the lowest seat")
		if second := w.byRoom(ann, r.ID).seat("free"); second.Ticket == first.Ticket {
			t.Error("the old ticket is good again: leaving is for good")
		}
	})
}

func TestOnlyRoomsOnTheSameTermsWillDo(t *testing.T) {
	tell(t, func(w *world) {
		seat := func(p guest, options string) ticket {
			return read[ticket](w.call("POST", "/v1/games/choosy/seats", p.Token, options).ok(201, "there is always a seat"))
		}
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		plain := seat(ann, "")
		equal(t, seat(ben, `{"options":{"length":5,"walls":0}}`).Room, plain.Room, "the defaults, said aloud, are the same terms")
		walls := seat(cid, `{"options":{"walls":1}}`)
		if walls.Room == plain.Room {
			t.Error("a room without walls was given to who wants walls")
		}
		equal(t, seat(w.guest("Dan"), `{"options":{"walls":1}}`).Room, walls.Room, "two who want the same meet")
		p := w.call("POST", "/v1/games/choosy/seats", ann.Token, `{"options":{"length":0,"roof":1}}`).refused(422, "invalid", "no such terms")
		equal(t, p.Errors[0].Location+" "+p.Errors[1].Location, "body.options.length body.options.roof", "each wrong option is named")
		w.call("POST", "/v1/games/choosy/seats", ann.Token, `{"spectate":true}`).refused(422, "invalid", "join-or-create is for playing")
	})
}

// TestABodyMayBeLeftOut where nothing in it is needed.
func TestABodyMayBeLeftOut(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, trio, "")
		for _, path := range []string{"/v1/rooms/" + r.ID + "/seats", "/v1/codes/" + r.Code + "/seats", "/v1/games/trio/seats"} {
			want := read[ticket](w.call("POST", path, ann.Token, "{}").ok(201, "an empty wish")).Ticket
			equal(t, read[ticket](w.call("POST", path, ann.Token, "").ok(201, "no wish at all")).Ticket, want, "no body is an empty one")
		}
	})
}

func TestTheChannelIsWhereTheCallCameTo(t *testing.T) {
	for _, c := range []struct {
		why, host, proto, want string
		trust                  bool
	}{
		{"the host by which we were reached", "play.example:8080", "", "ws://play.example:8080/v1/play", false},
		{"what a proxy says is believed if we are told so", "play.example", "https", "wss://play.example/v1/play", true},
		{"and not otherwise: anybody could say it", "play.example", "https", "ws://play.example/v1/play", false},
	} {
		tell(t, func(w *world) {
			r := request("POST", "/v1/games/trio/seats", w.guest("Ann").Token, "")
			r.Host = c.host
			r.Header.Set("X-Forwarded-Proto", c.proto)
			got := read[ticket](w.do(r).ok(201, "a seat"))
			equal(t, got.URL, c.want+"?room="+got.Room, c.why)
		}, func(cfg *lobby.Config) { cfg.TrustProxy = c.trust })
	}
}
