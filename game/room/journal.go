package room

import (
	"slices"
	"time"

	"tickroom/net/wire"
)

// Journal is where a room writes what happens to it, so that it outlives its
// process: with what it was opened with that is all of it (see Recover). The
// method must not block, and calls done once, later, from any goroutine: with
// nil when the chunk is kept for good, with an error when it never will be,
// since the room is another process's now.
type Journal interface {
	// Write takes chunk n of this room, counted from 1. Saved says that it holds
	// the room as it was: who recovers it begins with the last such chunk.
	Write(n uint32, chunk []byte, saved bool, done func(error))
}

// journal is how far a room is written. What members are to be told waits until
// what it came of is kept: so a command that was answered is never lost, and
// what was told never un-happens. Views do not wait. Owned by Run.
//
//	happened:  | kept            | chunk under way | not written yet
//	told:      | at its members  | waiting         | next
type journal struct {
	sink      Journal // nil keeps nothing, and nothing waits
	replaying bool    // what happens was written before

	n        uint32   // chunks written or under way
	underWay bool     // one is
	since    roomTick // when it went
	through  roomTick // what is written or in chunk says that it happened before this tick
	chunk    piece    // what happened since
	full     []piece  // chunks that wait before it: there is a bound to one
	saveAt   roomTick // when the room is to be saved next (see saved.go)

	sent, kept extent // of the match: what chunks have that are under way, or kept
	ends       bool   // the chunk under way has the match's end

	waiting, next []told
	paused        bool // too much is not written: no ticks
}

// piece is a chunk that is not written yet.
type piece struct {
	data  []byte
	saved bool // holds a saved room
}

// told is something for one link, or for who waits until all before it is kept.
type told struct {
	to    *Member
	what  toldWhat
	frame wire.Frame
	kept  chan struct{} // closed for who waits: aMark
}

type toldWhat uint8

const (
	something toldWhat = iota
	beginning          // Welcome
	aView              // the newest, then
	anEnd              // the member has left
	aMark              // for no link
)

// note writes down what is about to happen.
func (r *Room) note(e wire.Message) {
	j := &r.journal
	if j.sink == nil || j.replaying {
		return
	}
	r.reach()
	r.write(e)
}

// reach writes down how far ticks have been played.
func (r *Room) reach() {
	if j := &r.journal; j.through != r.now {
		j.through = r.now
		r.write(wire.Through{Tick: uint64(r.now)})
	}
}

func (r *Room) write(e wire.Message) {
	data, err := wire.AppendEntry(r.journal.chunk.data, e)
	if err != nil {
		panic("room: what happened does not encode: " + err.Error())
	}
	r.journal.grow(data)
}

// grow is when the chunk has more in it.
func (j *journal) grow(data []byte) {
	if j.chunk.data = data; len(data) >= fullChunk {
		j.full, j.chunk = append(j.full, j.chunk), piece{}
	}
}

// unwritten says whether anything happened that is neither kept nor under way.
func (j *journal) unwritten() bool { return len(j.chunk.data) > 0 || len(j.full) > 0 }

// flush sends a chunk on its way, if none is and there is something to write,
// or somebody waits to be told what the last ticks brought.
func (r *Room) flush() {
	j := &r.journal
	if j.sink == nil || j.underWay {
		return
	}
	ends := r.ending != nil && !r.ending.written
	if !j.unwritten() && len(j.next) == 0 && !r.handing && !ends && r.now-j.through < r.ticks(markEvery) {
		return
	}
	r.reach()
	if !j.unwritten() { // nothing happened since what is kept
		if ends {
			r.ending.written = true
		}
		r.release(j.next)
		j.next = j.next[:0]
		return
	}
	var chunk piece
	if len(j.full) > 0 {
		chunk, j.full = j.full[0], j.full[1:]
	} else {
		chunk = piece{slices.Clone(j.chunk.data), j.chunk.saved}
		j.chunk = piece{data: j.chunk.data[:0]}
		j.waiting, j.next = j.next, j.waiting[:0]
		j.sent, j.ends = r.extent(), ends
	}
	j.n++
	j.underWay, j.since = true, r.now
	j.sink.Write(j.n, chunk.data, chunk.saved, func(err error) { r.box.tell(func() { r.written(err) }) })
}

// written is the journal's answer.
func (r *Room) written(err error) {
	j := &r.journal
	j.underWay = false
	if err != nil {
		r.move("The room has moved to another server.")
		return
	}
	j.kept = j.sent
	if j.ends {
		r.ending.written, j.ends = true, false
	}
	r.release(j.waiting)
	j.waiting = j.waiting[:0]
	r.resume()
}

// release tells what waited.
func (r *Room) release(all []told) {
	for _, t := range all {
		r.deliver(t)
	}
	clear(all)
}

// mark closes kept when all that is written down by now is kept.
func (r *Room) mark(kept chan struct{}) {
	j, t := &r.journal, told{what: aMark, kept: kept}
	switch {
	case j.unwritten():
		r.hold(t)
	case j.underWay:
		j.waiting = append(j.waiting, t)
	default:
		r.deliver(t)
	}
}

// unsaid ends the links of those who left, where that is not kept.
func (r *Room) unsaid() {
	for _, t := range slices.Concat(r.journal.waiting, r.journal.next) {
		if t.what == anEnd {
			t.to.link.Close(r.farewell.code, r.farewell.text)
		}
	}
}

// tell gives a member's link what must arrive, when it may be told.
func (r *Room) tell(to *Member, frame wire.Frame) { r.hold(told{to: to, frame: frame}) }

func (r *Room) hold(t told) {
	if j := &r.journal; j.sink != nil && !j.replaying && r.phase != Closed {
		j.next = append(j.next, t)
		return
	}
	r.deliver(t)
}

func (r *Room) deliver(t told) {
	switch t.what {
	case something:
		t.to.link.Send(t.frame)
	case beginning:
		t.to.link.Begin(t.frame)
		t.to.begun = true
	case aView:
		if w := t.to.who; w.current == t.to {
			r.offerView(w)
		}
	case anEnd:
		t.to.link.Close(wire.CloseLeft, "You left.")
	case aMark:
		close(t.kept)
	}
}

// Pausing: a room may be ahead of its journal for maxUnwritten. Then it stands
// still, and its members hear why.

// overdue says whether the journal is too far behind.
func (r *Room) overdue() bool {
	j := &r.journal
	return j.underWay && r.now-j.since >= r.ticks(maxUnwritten)
}

func (r *Room) pause() {
	if !r.journal.paused {
		r.journal.paused, r.changed = true, true
		r.log.Warn("room paused: its journal is behind", "tick", r.match.Tick())
		r.announce()
	}
}

// resume goes on after a pause; the clock slips by its length.
func (r *Room) resume() {
	if r.journal.paused {
		r.journal.paused, r.changed = false, true
		r.log.Info("room goes on", "tick", r.match.Tick())
		r.due = time.Now().Add(r.period)
		r.announce()
	}
}

// announce tells everybody how the room is.
func (r *Room) announce() {
	for _, w := range r.people {
		r.announceTo(w)
	}
}

func (r *Room) announceTo(w *membership) {
	if w.current != nil && w.current.begun {
		w.current.link.Note(r.encode(r.notice()))
	}
}

// notice is how the room is now.
func (r *Room) notice() wire.Notice {
	switch {
	case r.awaitsStore():
		return wire.Notice{Code: "keeping", Text: "The match is over. Its result is waiting for the database."}
	case r.journal.paused:
		return wire.Notice{Code: "paused", Text: "The match stands still: the server waits for its database."}
	}
	return wire.Notice{Code: "playing", Text: "The match goes on."}
}
