package main

import (
	"math/rand/v2"
	"reflect"
	"strings"

	"tickroom/net/wire"
)

// Bounds of random commands: small enough for rules to take some of them.
const (
	randomNumber = 16 // not reached
	randomLength = 5  // not reached, of lists, texts and bytes
)

// randomOf makes a command of a game of which only the schema is known.
func randomOf(t wire.Type, dice *rand.Rand) any {
	v := reflect.New(goType(t)).Elem()
	fill(v, t, dice)
	return v.Interface()
}

// goType is a Go type whose values travel as the schema says.
func goType(t wire.Type) reflect.Type {
	switch t.Form {
	case wire.Bool:
		return reflect.TypeFor[bool]()
	case wire.Int:
		return reflect.TypeFor[int64]()
	case wire.Uint:
		return reflect.TypeFor[uint64]()
	case wire.Str:
		return reflect.TypeFor[string]()
	case wire.Bin:
		return reflect.TypeFor[[]byte]()
	case wire.List:
		return reflect.SliceOf(goType(*t.Elem))
	case wire.Opt:
		return reflect.PointerTo(goType(*t.Elem))
	}
	fields := make([]reflect.StructField, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = reflect.StructField{Name: strings.ToUpper(f.Name[:1]) + f.Name[1:], Type: goType(f.Type)}
	}
	return reflect.StructOf(fields)
}

func fill(v reflect.Value, t wire.Type, dice *rand.Rand) {
	switch t.Form {
	case wire.Bool:
		v.SetBool(dice.IntN(2) == 0)
	case wire.Int:
		v.SetInt(dice.Int64N(2*randomNumber) - randomNumber)
	case wire.Uint:
		v.SetUint(dice.Uint64N(randomNumber))
	case wire.Str:
		v.SetString("hello"[:dice.IntN(randomLength+1)])
	case wire.Bin:
		v.SetBytes(make([]byte, dice.IntN(randomLength)))
	case wire.List:
		v.Set(reflect.MakeSlice(v.Type(), dice.IntN(randomLength), randomLength))
		for i := range v.Len() {
			fill(v.Index(i), *t.Elem, dice)
		}
	case wire.Opt:
		if dice.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), *t.Elem, dice)
		}
	case wire.Struct:
		for i, f := range t.Fields {
			fill(v.Field(i), f.Type, dice)
		}
	}
}
