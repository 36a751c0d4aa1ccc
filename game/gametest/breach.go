package gametest

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
)

// A rule is a part of the contract, by its name in package game.
type rule string

const (
	pure     rule = "Pure"
	refusing rule = "Refusing changes nothing"
	strange  rule = "Commands come from strangers"
	copies   rule = "Views are copies"
	ends     rule = "It ends"
	types    rule = "Types on the wire"
	seats    rule = "Seats"
	saving   rule = "Saving"
)

// breach says which rule was broken, and how.
type breach struct {
	rule rule
	text string
}

func (b *breach) Error() string { return fmt.Sprintf("breaks the contract, %q: %s", b.rule, b.text) }

func breaks(r rule, format string, args ...any) error {
	return &breach{r, fmt.Sprintf(format, args...)}
}

// guard calls the rules, and makes of a panic a breach of r.
func guard(r rule, doing func() string, f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = breaks(r, "%s panicked: %v\n%s", doing(), p, debug.Stack())
		}
	}()
	f()
	return nil
}

// show writes a command for people, with what its pointers point to.
func show(command any) string {
	const most = 300
	text, err := json.Marshal(command)
	if err != nil {
		return fmt.Sprintf("%+v", command)
	}
	if len(text) > most {
		return string(text[:most]) + "..."
	}
	return string(text)
}
