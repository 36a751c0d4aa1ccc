package game

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"reflect"
)

// hashOf walks values to their last field, exported or not, and hashes what it
// finds: so rules need no code of their own for it and can forget no field.
// Types' names are not hashed, their shape and order is. A state that holds a
// float, a map, a function or a channel panics: it could not be relied upon to
// be the same everywhere, which is what the contract of rules asks.
func hashOf(values ...any) uint64 {
	w := hashWalk{Hash64: fnv.New64a()}
	for _, v := range values {
		w.walk(reflect.ValueOf(v), 0)
	}
	return w.Sum64()
}

// maxDepth bounds the walk, so that a state with a cycle is an error, not a hang.
const maxDepth = 64

type hashWalk struct{ hash.Hash64 }

func (w hashWalk) walk(v reflect.Value, depth int) {
	if depth > maxDepth {
		panic("game: state nests deeper than 64: does it point to itself?")
	}
	switch v.Kind() {
	case reflect.Invalid:
		w.number(0)
	case reflect.Bool:
		if v.Bool() {
			w.number(1)
		} else {
			w.number(0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.number(v.Uint())
	case reflect.String:
		w.number(uint64(v.Len()))
		w.Write([]byte(v.String()))
	case reflect.Slice, reflect.Array:
		w.number(uint64(v.Len()))
		for i := range v.Len() {
			w.walk(v.Index(i), depth+1)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			w.walk(field, depth+1)
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			w.number(0)
			return
		}
		w.number(1)
		w.walk(v.Elem(), depth+1)
	default:
		panic(fmt.Sprintf("game: state holds a %v, which has no exact value to hash", v.Type()))
	}
}

func (w hashWalk) number(n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	w.Write(b[:])
}
