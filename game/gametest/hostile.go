package gametest

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
)

// hostile makes of a good command one that no honest client sends: either one
// field of it is spoiled, so that it passes the first checks, or all are.
func hostile(r *rand.Rand, good any) any {
	v := reflect.New(reflect.TypeOf(good)).Elem()
	v.Set(reflect.ValueOf(clone(good)))
	if r.IntN(2) == 0 {
		spoil(r, v)
	} else {
		spoilOne(r, v)
	}
	return v.Interface()
}

// spoil fills v, to its last field, with values that code tends to forget.
func spoil(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(extremeInt(r, v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(extremeInt(r, v.Type().Bits())) << (64 - v.Type().Bits()) >> (64 - v.Type().Bits()))
	case reflect.String:
		v.SetString(pick(r, "", " ", "\x00", "\u202ebackwards", strings.Repeat("long", 2000)))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), pick(r, 0, 1, 2, 3000), 3000))
		spoilItems(r, v)
		if r.IntN(4) == 0 {
			v.SetZero()
		}
	case reflect.Array:
		spoilItems(r, v)
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				spoil(r, field)
			}
		}
	case reflect.Pointer:
		v.SetZero()
		if r.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			spoil(r, v.Elem())
		}
	}
}

func spoilItems(r *rand.Rand, v reflect.Value) {
	for i := range v.Len() {
		spoil(r, v.Index(i))
	}
}

// spoilOne spoils one field somewhere in v and leaves the others good.
func spoilOne(r *rand.Rand, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct && v.NumField() > 0:
		if f := v.Field(r.IntN(v.NumField())); f.CanSet() {
			spoilOne(r, f)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		spoilOne(r, v.Elem())
	default:
		spoil(r, v)
	}
}

func extremeInt(r *rand.Rand, bits int) int64 {
	largest := int64(math.MaxInt64 >> (64 - bits))
	return pick(r, 0, 1, -1, largest, largest-1, -largest, -largest-1, 1+int64(r.IntN(100)))
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// clone copies a command with all that it points to. What is not exported does
// not travel, and is left out.
func clone(command any) any {
	v := reflect.New(reflect.TypeOf(command)).Elem()
	copyInto(v, reflect.ValueOf(command))
	return v.Interface()
}

func copyInto(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Slice:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		if from.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(to, from)
			return
		}
		fallthrough
	case reflect.Array:
		for i := range from.Len() {
			copyInto(to.Index(i), from.Index(i))
		}
	case reflect.Struct:
		for i := range from.NumField() {
			if to.Field(i).CanSet() {
				copyInto(to.Field(i), from.Field(i))
			}
		}
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			copyInto(to.Elem(), from.Elem())
		}
	default:
		to.Set(from)
	}
}
