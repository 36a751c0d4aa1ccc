package lobby_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestARoomIsOpenedWithWhatWasChosen(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, choosy, `,"options":{"walls":1}`)
		equal(t, r.Game, "choosy", "the room plays what was asked for")
		equal(t, r.Status, "waiting", "nobody has come yet")
		equal(t, r.Free, 2, "all seats are open")
		equal(t, r.Private, false, "a room is public unless it is not to be")
		equal(t, fmt.Sprint(r.Options), "map[length:5 walls:1]", "what was not chosen has its default")
		equal(t, r.Invite, "/?join="+r.Code, "the invitation joins by the code")
		equal(t, len(w.look(guest{}, r.ID).Players), 0, "to open is not to sit down")
	})
}

func TestAWrongRoomNamesEachField(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		for body, fields := range map[string][]string{
			`{}`:                                        {"body"},
			`{"game":7}`:                                {"body.game"},
			`{"game":"pair","private":"yes"}`:           {"body.private"},
			`{"game":"pair","colour":1}`:                {"body.colour"},
			`{"game":7,"colour":1,"private":3}`:         {"body.colour", "body.game", "body.private"},
			`{"game":"choosy","options":{"length":11}}`: {"body.options.length"},
			`{"game":"choosy","options":{"length":0}}`:  {"body.options.length"},
			`{"game":"choosy","options":{"length":11,"walls":-1,"roof":1}}`: {"body.options.length", "body.options.roof", "body.options.walls"},
			`{"game":"choosy","options":{"length":1.5}}`:                    {"body.options.length"},
			`{"game":"choosy","options":{"length":"5"}}`:                    {"body.options.length"},
			`{"game":"choosy","options":{"length":99999999999999999999}}`:   {"body"},
			`{"game":"choosy","options":[]}`:                                {"body.options"},
			`{"game":"choosy","options":{` + manyOptions(33) + `}}`:         {"body.options"},
			`[]`:     {"body"},
			`"pair"`: {"body"},
		} {
			p := w.call("POST", "/v1/rooms", ann.Token, body).refused(422, "invalid", body+" is not a room")
			var named []string
			for _, e := range p.Errors {
				named = append(named, e.Location)
				if e.Message == "" {
					t.Errorf("%s: nothing is said of %s", body, e.Location)
				}
			}
			slices.Sort(named)
			equal(t, strings.Join(slices.Compact(named), " "), strings.Join(fields, " "), body+": each wrong field is named")
		}
		equal(t, len(slices.Collect(w.Rooms())), 0, "nothing was opened")
	})
}

func manyOptions(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"o%d":1`, i))
	}
	return strings.Join(all, ",")
}

func TestWhatIsUnknownIsNotFound(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		w.call("POST", "/v1/rooms", ann.Token, `{"game":"chess"}`).refused(404, "no-game", "there is no chess here")
		w.call("POST", "/v1/games/chess/seats", ann.Token, "").refused(404, "no-game", "there is no chess here")
		for _, id := range []string{uuid.NewString(), "7", "%00", "a'b"} {
			w.call("GET", "/v1/rooms/"+id, "", "").refused(404, "no-room", "an id is a name: a wrong one is unknown")
			w.byRoom(ann, id).refused(404, "no-room", "nobody sits in no room")
			w.again(ann, id).refused(404, "no-room", "nothing follows no room")
			w.leave(ann, id).refused(404, "no-room", "nobody leaves no room")
			w.call("GET", "/v1/matches/"+id, "", "").refused(404, "no-match", "nothing was played there")
			w.call("GET", "/v1/matches/"+id+"/log", "", "").refused(404, "no-match", "nothing was played there")
		}
		for _, code := range []string{"ZZZZZZ", "x", "%20", "%F0%9F%9A%80", strings.Repeat("A", 500)} {
			w.byCode(ann, code).refused(404, "no-code", "no room has this code")
		}
		w.call("GET", "/v1/nothing", "", "").refused(404, "not-found", "what is no call is a problem too")
		w.call("GET", "/", "", "").refused(404, "not-found", "what is no call is a problem too")
		a := w.call("PUT", "/v1/rooms", "", "")
		a.refused(405, "method", "PUT is no method of the list")
		equal(t, a.header.Get("Allow"), "GET, POST", "a 405 says what is allowed")
	})
}

func TestAPrivateRoomIsForWhoHasTheCode(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, trio, private)
		equal(t, r.Private, true, "it was to be private")
		equal(t, len(w.list("")), 0, "a private room is on no list")
		for _, stranger := range []guest{{}, cid} {
			w.call("GET", "/v1/rooms/"+r.ID, stranger.Token, "").refused(403, "private", "its id alone tells nothing")
		}
		w.byRoom(cid, r.ID).refused(403, "private", "its id alone is no way in")
		w.again(cid, r.ID).refused(409, "still-open", "its match is not over")

		w.byRoom(ann, r.ID).seat("who opened it needs no code")
		first := w.byCode(ben, r.Code).seat("the code is the way in")
		equal(t, w.look(ben, r.ID).Code, r.Code, "who came with the code may look, and see the code")
		equal(t, w.byRoom(ben, r.ID).seat("who came with the code may come by id").Ticket, first.Ticket, "and gets the same seat")
		w.call("POST", "/v1/codes/"+r.Code+"/seats", cid.Token, `{"spectate":true}`).ok(201, "one may watch by code")
		equal(t, w.look(cid, r.ID).Watchers, 1, "who watches may look too")
		if other := w.byGame(w.guest("Dan"), trio).seat("there is always a seat"); other.Room == r.ID {
			t.Errorf("join-or-create led into a private room")
		}
	})
}

func TestAnUnlistedGameIsFoundByNameOnly(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.byGame(ann, hidden).seat("it can be played")
		equal(t, len(w.list("")), 0, "no list shows its rooms")
		equal(t, w.look(guest{}, r.Room).Game, "hidden", "who knows the id may look")
	})
}

func (w *world) list(query string) []roomEntry {
	w.Helper()
	return read[list[roomEntry]](w.call("GET", "/v1/rooms?"+query, "", "").ok(200, "the list is for all to see")).Items
}

func TestTheListCanBeNarrowed(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		old, waiting := w.open(ann, pair, ""), w.open(ann, trio, "")
		running := w.open(ann, pair, "")
		w.join(w.byRoom(ann, running.ID).seat("free"))
		w.join(w.byRoom(ben, running.ID).seat("free"))
		pass(time.Second)
		over := w.open(ann, solo, "")
		w.play(over.ID, ben)

		for query, want := range map[string][]roomEntry{
			"":                         {over, running, waiting, old},
			"game=pair":                {running, old},
			"game=chess":               {},
			"status=waiting":           {waiting, old},
			"status=running":           {running},
			"status=over":              {over},
			"game=pair&status=waiting": {old},
		} {
			equal(t, ids(w.list(query)), ids(want), "newest first, and only what was asked for: "+query)
		}
		for query, field := range map[string]string{
			"limit=0": "query.limit", "limit=101": "query.limit", "limit=x": "query.limit",
			"status=closed": "query.status", "cursor=x": "query.cursor", "colour=red": "query.colour",
		} {
			p := w.call("GET", "/v1/rooms?"+query, "", "").refused(422, "invalid", query)
			equal(t, p.Errors[0].Location, field, "the wrong field is named")
		}
	})
}

func ids(rooms []roomEntry) string {
	all := make([]string, len(rooms))
	for i, r := range rooms {
		all[i] = r.ID
	}
	return strings.Join(all, " ")
}

// TestPagesMissNothing opens rooms from many sides at once and reads the list in
// pages, while others are opened.
func TestPagesMissNothing(t *testing.T) {
	const rooms = 24
	tell(t, func(w *world) {
		players := w.guests(rooms)
		w.atOnce(players, func(p guest) { w.open(p, pair, "") })
		want := ids(w.list("limit=100"))
		for _, limit := range []int{1, 2, 5, 8, 23, 24, 25} {
			var seen []roomEntry
			query := fmt.Sprint("game=pair&limit=", limit)
			for cursor, pages := "", 1; ; pages++ {
				page := read[list[roomEntry]](w.call("GET", "/v1/rooms?"+query+cursor, "", "").ok(200, "a page"))
				seen = append(seen, page.Items...)
				if page.NextCursor == "" {
					equal(t, pages, (rooms+limit-1)/limit, "the last page says that it is the last")
					break
				}
				equal(t, len(page.Items), limit, "a page that is not the last is full")
				w.byGame(players[0], house).seat("what comes later moves no page")
				cursor = "&cursor=" + page.NextCursor
			}
			equal(t, ids(seen), want, fmt.Sprintf("in pages of %d: each room once, newest first", limit))
		}
	})
}

func TestAPlayerMayHaveEightRoomsOpen(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		for range 8 {
			w.open(ann, pair, private)
		}
		w.call("POST", "/v1/rooms", ann.Token, `{"game":"pair"}`).refused(409, "too-many-rooms", "one player cannot fill the server")
		w.byGame(ann, trio).refused(409, "too-many-rooms", "nor by join-or-create, which would open one")
		w.open(w.guest("Ben"), pair, "")
		pass(31 * time.Second)
		w.open(ann, pair, "")
	})
}

// TestARoomNobodyIsInCloses also shows that what is gone is told from what never was.
func TestARoomNobodyIsInCloses(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, chat, "")
		pass(31 * time.Second)
		equal(t, len(w.list("")), 0, "nobody came within the half minute")
		w.call("GET", "/v1/rooms/"+r.ID, "", "").refused(410, "gone", "it was there")
		w.byRoom(ann, r.ID).refused(410, "gone", "it was there")
		w.leave(ann, r.ID).refused(410, "gone", "it was there")
		w.byCode(ann, r.Code).refused(404, "no-code", "its code may become another room's")
	})
}
