package wire

import (
	"hash/crc32"
	"reflect"

	"tickroom/game"
)

// ViewHash is by what a server and a client compare a view: CRC-32 (IEEE) of its
// bytes, as a snapshot has them.
func ViewHash(view any) (uint32, error) {
	e := encoders.Get().(*Encoder)
	defer encoders.Put(e)
	e.reset()
	if err := e.value(reflect.ValueOf(view)); err != nil {
		return 0, err
	}
	return crc32.ChecksumIEEE(e.buf.Bytes()), nil
}

// ViewIn is the tick of a snapshot and the hash of the view in it; false if the
// frame is none.
func ViewIn(snapshot Frame) (t game.Tick, hash uint32, ok bool) {
	r := newReader(snapshot)
	if n, err := r.list(1); err != nil || n != len(layouts[KindSnapshot].fields)+1 {
		return 0, 0, false
	}
	if kind, err := r.uint(); err != nil || kind != uint64(KindSnapshot) {
		return 0, 0, false
	}
	tick, err := r.uint()
	if err != nil {
		return 0, 0, false
	}
	return game.Tick(tick), crc32.ChecksumIEEE(r.b), true
}
