package main

import (
	"fmt"
	"io"
	"strings"

	"tickroom/web/types"
)

// printTypes is the command "types GAME": what a renderer of the game imports.
func printTypes(stdout io.Writer, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("types: name one game of %s", gameNames())
	}
	g, ok := catalog.Get(args[0])
	if !ok {
		return fmt.Errorf("types: there is no game %q; there are %s", args[0], gameNames())
	}
	text, err := types.Of(g)
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, text)
	return err
}

// gameNames lists the catalog for a sentence.
func gameNames() string {
	var names []string
	for _, g := range catalog {
		names = append(names, g.Name)
	}
	return strings.Join(names, ", ")
}
