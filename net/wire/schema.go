package wire

import (
	"fmt"
	"reflect"

	"tickroom/game"
)

// Schema says how a game's values travel, so that a client in another language
// can give their fields names. It is part of Welcome.
type Schema struct {
	Command, View Type
	Events        []Field // by name of the event, in the order of Info.Events
}

// Type is how values of one type travel.
type Type struct {
	Form   Form
	Elem   *Type   // of a List or Opt
	Fields []Field // of a Struct
}

// Field is a named part of a struct, or an event.
type Field struct {
	Name string
	Type Type
}

// Form is what a value looks like in a frame.
type Form uint8

const (
	Bool   Form = iota
	Int         // an integer that may be negative
	Uint        // an integer that may not
	Str         // UTF-8
	Bin         // bytes
	List        // an array of Elem; never nil
	Opt         // nil or Elem
	Struct      // an array of Fields
)

var formNames = [...]string{"bool", "int", "uint", "str", "bin", "list", "opt", "struct"}

func (f Form) String() string { return formNames[f] }

// SchemaOf describes a game's types. It fails on a type that cannot travel: a
// float, a map, an interface, one that contains itself.
func SchemaOf(g *game.Game) (Schema, error) {
	command, err := structOf(g.CommandType())
	if err != nil {
		return Schema{}, fmt.Errorf("game %s: command: %w", g.Name, err)
	}
	view, err := structOf(g.ViewType())
	if err != nil {
		return Schema{}, fmt.Errorf("game %s: view: %w", g.Name, err)
	}
	s := Schema{Command: command, View: view}
	for _, e := range g.EventTypes() {
		t, err := structOf(e.Type)
		if err != nil {
			return Schema{}, fmt.Errorf("game %s: event %s: %w", g.Name, e.Name, err)
		}
		s.Events = append(s.Events, Field{e.Name, t})
	}
	return s, nil
}

func structOf(t reflect.Type) (Type, error) {
	if t.Kind() != reflect.Struct {
		return Type{}, fmt.Errorf("%v is not a struct", t)
	}
	s, err := shapeOf(t)
	if err != nil {
		return Type{}, err
	}
	return s.typ, nil
}

// schema = [command: type, view: type, events: [[name, type]...]]
func (e *Encoder) schema(s Schema) error {
	if err := e.w.EncodeArrayLen(3); err != nil {
		return err
	}
	if err := e.typ(s.Command); err != nil {
		return err
	}
	if err := e.typ(s.View); err != nil {
		return err
	}
	return e.fields(s.Events)
}

// type = "int" | ["list", type] | ["opt", type] | ["struct", [[name, type]...]]
func (e *Encoder) typ(t Type) error {
	if t.Form < List {
		return e.w.EncodeString(t.Form.String())
	}
	if err := e.w.EncodeArrayLen(2); err != nil {
		return err
	}
	if err := e.w.EncodeString(t.Form.String()); err != nil {
		return err
	}
	if t.Form == Struct {
		return e.fields(t.Fields)
	}
	return e.typ(*t.Elem)
}

func (e *Encoder) fields(fields []Field) error {
	if err := e.w.EncodeArrayLen(len(fields)); err != nil {
		return err
	}
	for _, f := range fields {
		if err := e.w.EncodeArrayLen(2); err != nil {
			return err
		}
		if err := e.w.EncodeString(f.Name); err != nil {
			return err
		}
		if err := e.typ(f.Type); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) schema() (s Schema, err error) {
	if err = r.arrayOf(3); err != nil {
		return s, err
	}
	if s.Command, err = r.typ(0); err != nil {
		return s, err
	}
	if s.View, err = r.typ(0); err != nil {
		return s, err
	}
	s.Events, err = r.fields(0)
	return s, err
}

func (r *reader) typ(depth int) (t Type, err error) {
	if depth > maxSchemaDepth {
		return t, r.fail("types nest deeper than %d", maxSchemaDepth)
	}
	if !r.isArray() {
		t.Form, err = r.form(Bool, List)
		return t, err
	}
	if err = r.arrayOf(2); err != nil {
		return t, err
	}
	if t.Form, err = r.form(List, Struct+1); err != nil {
		return t, err
	}
	if t.Form == Struct {
		t.Fields, err = r.fields(depth + 1)
		return t, err
	}
	elem, err := r.typ(depth + 1)
	t.Elem = &elem
	return t, err
}

// form reads the name of a form from low up to, not including, high.
func (r *reader) form(low, high Form) (Form, error) {
	name, err := r.str()
	if err != nil {
		return 0, err
	}
	for f := low; f < high; f++ {
		if f.String() == name {
			return f, nil
		}
	}
	return 0, r.fail("no such type: %q", name)
}

func (r *reader) fields(depth int) ([]Field, error) {
	const least = 3 // [[name, type]...]: an array of two, each a byte at least
	n, err := r.list(least)
	if err != nil {
		return nil, err
	}
	var fields []Field
	for range n {
		if err := r.arrayOf(2); err != nil {
			return nil, err
		}
		name, err := r.str()
		if err != nil {
			return nil, err
		}
		t, err := r.typ(depth)
		if err != nil {
			return nil, err
		}
		fields = append(fields, Field{name, t})
	}
	return fields, nil
}
