// Package web is the page: the client's TypeScript, styles and HTML, embedded,
// and a handler that serves them. They are bundled when the handler is made (a
// few milliseconds), so running the server needs Go alone and the repository
// holds nothing generated.
//
// src is the page, sdk the client library it stands on, games one renderer a
// game. A renderer meets the page in games/game.ts.
//
// The handler is stateless after it was made. It answers GET and HEAD of "/"
// and of "/assets/...", never reads outside its files, and never sends a page
// that may load or run anything from elsewhere.
//
// # Decisions that look like mistakes and are not
//
//   - The bundler runs in production. It is a library, costs less than opening
//     the database, and makes a build step impossible to forget.
//   - Resolving imports is ours: only relative paths inside this folder exist,
//     so no package can slip into the page by being installed beside it.
//   - "/" carries all of the page's addresses as a query ("/?join=CODE"); any
//     other path is 404, so a mistyped API address never answers with a page.
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"os"
)

//go:embed index.html icon.svg src sdk/src games
var embedded embed.FS

// Config is how the page is served.
type Config struct {
	// Dir is a folder to serve from instead of what is embedded, bundled again
	// for every request: for work on the page. "" is what is embedded.
	Dir string
}

// Handler bundles the page and serves it. An error names the file and the line.
func Handler(c Config) (http.Handler, error) {
	if c.Dir != "" {
		return rebuilding{os.DirFS(c.Dir)}, nil
	}
	return newSite(embedded, false)
}

// rebuilding makes a new site for every request.
type rebuilding struct{ files fs.FS }

func (d rebuilding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, err := newSite(d.files, true)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	s.ServeHTTP(w, r)
}

func newSite(files fs.FS, debug bool) (*site, error) {
	assets, err := bundle(files, debug)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	s, err := page(files, assets)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return s, nil
}
