package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// site is the page ready to be sent: every file by its URL path.
type site struct{ files map[string]file }

// file is one answer, plain and compressed.
type file struct {
	contentType string
	cache       string
	etag        string // without quotes
	plain, gzip []byte
}

// How long answers may be kept. Assets are named by their content.
const (
	forever = "public, max-age=31536000, immutable"
	ask     = "no-cache"
)

// What the page may do: run and load its own files, and talk to its own server.
// ws: and wss: are named because some browsers do not count them as 'self'.
const policy = "default-src 'self'; connect-src 'self' ws: wss: http: https:; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page lays out the site: index.html with the names of the assets, the assets,
// and the icon.
func page(files fs.FS, assets map[string][]byte) (*site, error) {
	icon, err := fs.ReadFile(files, "icon.svg")
	if err != nil {
		return nil, err
	}
	assets["icon-"+fingerprint(icon)[:8]+".svg"] = icon
	index, err := template.ParseFS(files, "index.html")
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := index.Execute(&html, byExtension(assets)); err != nil {
		return nil, err
	}
	s := &site{map[string]file{"/": newFile("text/html; charset=utf-8", ask, html.Bytes())}}
	for name, data := range assets {
		s.files["/assets/"+name] = newFile(contentTypes[path.Ext(name)], forever, data)
	}
	return s, nil
}

var contentTypes = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
}

// byExtension is what index.html is filled with: the URL of the asset of each
// kind, as .js, .css and .svg.
func byExtension(assets map[string][]byte) map[string]string {
	urls := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(assets)) {
		urls[strings.TrimPrefix(path.Ext(name), ".")] = "/assets/" + name
	}
	return urls
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "The page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	f, ok := s.files[r.URL.Path]
	if !ok {
		http.Error(w, "There is no such page.", http.StatusNotFound)
		return
	}
	f.serve(w, r)
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // an address may hold a join code
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Add("Vary", "Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", f.cache)
	}
	body, etag := f.plain, f.etag
	if f.gzip != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body, etag = f.gzip, f.etag+"-gzip"
	}
	h.Set("ETag", strconv.Quote(etag))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func newFile(contentType, cache string, data []byte) file {
	f := file{contentType: contentType, cache: cache, etag: fingerprint(data), plain: data}
	if small := compress(data); len(small) < len(data) {
		f.gzip = small
	}
	return f
}

func fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(fmt.Sprintf("web: gzip level: %v", err))
	}
	z.Write(data) // into memory: cannot fail
	z.Close()
	return b.Bytes()
}

// acceptsGzip reads an Accept-Encoding header: gzip named, and not with q=0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != "gzip" {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && weight > 0
	}
	return false
}
