package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThePage(t *testing.T) {
	page := handler(t)
	index := get(t, page, "/", nil)

	t.Run("is html that may change, with a policy that lets nothing else in", func(t *testing.T) {
		want(t, index, http.StatusOK, "text/html; charset=utf-8", "no-cache")
		csp := index.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "connect-src 'self' ws: wss: http: https:", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("policy %q lacks %q", csp, part)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("policy %q allows something unsafe", csp)
		}
	})

	t.Run("names nothing of another host and has no inline script", func(t *testing.T) {
		if m := regexp.MustCompile(`https?://[^"' ]+`).FindString(index.Body.String()); m != "" {
			t.Errorf("index names %s", m)
		}
		if m := regexp.MustCompile(`<script[^>]*>[^<]|<style|\son[a-z]+=`).FindString(index.Body.String()); m != "" {
			t.Errorf("index has inline %q, which the policy forbids", m)
		}
	})

	t.Run("names assets that are there, typed, and may be kept for ever", func(t *testing.T) {
		types := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
		found := regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(index.Body.String(), -1)
		if len(found) != len(types) {
			t.Fatalf("index names %d assets, want a script, a style sheet and an icon", len(found))
		}
		for _, m := range found {
			want(t, get(t, page, m[1], nil), http.StatusOK, types[filepath.Ext(m[1])], "public, max-age=31536000, immutable")
		}
	})

	t.Run("is small enough for a phone on a slow line", func(t *testing.T) {
		const budget = 96 << 10
		sum := 0
		for _, m := range regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(index.Body.String(), -1) {
			sum += get(t, page, m[1], map[string]string{"Accept-Encoding": "gzip"}).Body.Len()
		}
		if sum > budget {
			t.Errorf("script, styles and icon are %d bytes compressed, more than %d", sum, budget)
		}
		t.Logf("%d bytes compressed", sum)
	})

	t.Run("is not sent again to who has it", func(t *testing.T) {
		again := get(t, page, "/", map[string]string{"If-None-Match": index.Header().Get("ETag")})
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("got %d with %d bytes, want 304 with none", again.Code, again.Body.Len())
		}
	})

	t.Run("can only be read, and only where it is", func(t *testing.T) {
		for _, path := range []string{"/nothing", "/assets/", "/assets/nothing.js", "/src/main.ts", "/../web.go", "/v1/nothing"} {
			if got := get(t, page, path, nil).Code; got != http.StatusNotFound {
				t.Errorf("%s: got %d, want 404", path, got)
			}
		}
		post := httptest.NewRecorder()
		page.ServeHTTP(post, httptest.NewRequest("POST", "/", nil))
		if post.Code != http.StatusMethodNotAllowed || post.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST: got %d, Allow %q; want 405 and what is allowed", post.Code, post.Header().Get("Allow"))
		}
	})
}

// alone is the page's files with one part of the client library for a page.
type alone struct {
	fs.FS
	part string
}

func (a alone) Open(name string) (fs.File, error) {
	if name == entry {
		return fstest.MapFS{entry: {Data: []byte("export * from '../" + a.part + "'")}}.Open(name)
	}
	return a.FS.Open(name)
}

func TestTheClientLibraryIsSmall(t *testing.T) {
	for name, c := range map[string]struct {
		part    string
		exports []string
		budget  int
	}{
		"the client": {"sdk/src/index.ts", []string{"connect"}, 10 << 10},
		"the lobby":  {"sdk/src/lobby.ts", []string{"Rest", "watchRooms"}, 2000},
		"motion":     {"sdk/src/motion/index.ts", []string{"Timeline", "Prediction", "Lead", "blend"}, 2500},
	} {
		t.Run(name, func(t *testing.T) {
			assets, err := bundle(alone{embedded, c.part}, false)
			if err != nil || len(assets) != 1 {
				t.Fatalf("got %d assets and %v, want one script", len(assets), err)
			}
			for file, script := range assets {
				for _, export := range c.exports {
					if !bytes.Contains(script, []byte("as "+export)) {
						t.Fatalf("%s does not export %s: this is not it", file, export)
					}
				}
				small := len(compress(script))
				if small > c.budget {
					t.Errorf("it is %d bytes compressed, more than %d", small, c.budget)
				}
				t.Logf("%d bytes compressed", small)
			}
		})
	}
}

func TestCompression(t *testing.T) {
	page := handler(t)
	plain := get(t, page, "/", nil)
	small := get(t, page, "/", map[string]string{"Accept-Encoding": "br, gzip"})

	if got := small.Header().Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding is %q, want gzip for who accepts it", got)
	}
	r, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Errorf("unpacked it differs from the plain page (%v)", err)
	}
	if plain.Header().Get("ETag") == small.Header().Get("ETag") {
		t.Error("both forms have one ETag; a cache would mix them up")
	}
	if got := small.Header().Get("Vary"); got != "Accept-Encoding" {
		t.Errorf("Vary is %q", got)
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "gzip ; q=1": true, "deflate,gzip": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "x-gzip": false, "gzip;q=much": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("%q: got %v, want %v", header, got, want)
		}
	}
}

func TestAFaultInTheClientIsAnErrorThatNamesFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ main, want string }{
		"syntax":            {"let a = 1\nlet b = = 2", "src/main.ts:2:9: Unexpected"},
		"a missing file":    {"\n\nimport './gone.ts'", "src/main.ts:3:8: "},
		"a package":         {"import 'left-pad'", "only relative files can be imported"},
		"another host":      {"import 'https://example.com/x.js'", "only relative files can be imported"},
		"outside the files": {"import '../../etc/passwd.ts'", "src/main.ts:1:8: "},
	} {
		files := fstest.MapFS{"src/main.ts": {Data: []byte(c.main)}}
		if _, err := newSite(files, false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, c.want)
		}
	}
}

func TestServingFromAFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("index.html", `<script src="{{.js}}"></script>`)
	write("icon.svg", "<svg/>")
	write("src/main.ts", "let n: number = 1; console.log(n)")
	page, err := Handler(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	first := get(t, page, "/", nil)
	want(t, first, http.StatusOK, "text/html; charset=utf-8", "no-store")

	write("src/main.ts", "let n: number = 2; console.log(n)")
	if second := get(t, page, "/", nil); second.Body.String() == first.Body.String() {
		t.Error("a change was not seen by the next request")
	}
	write("src/main.ts", "let n: number = ")
	if broken := get(t, page, "/", nil); broken.Code != http.StatusInternalServerError || !strings.Contains(broken.Body.String(), "src/main.ts:1:") {
		t.Errorf("got %d %q, want 500 with the file and the line", broken.Code, broken.Body)
	}
}

func handler(t *testing.T) http.Handler {
	t.Helper()
	page, err := Handler(Config{})
	if err != nil {
		t.Fatalf("the client does not bundle: %v", err)
	}
	return page
}

func get(t *testing.T, page http.Handler, path string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path = path
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	return w
}

func want(t *testing.T, got *httptest.ResponseRecorder, status int, contentType, cache string) {
	t.Helper()
	h := got.Header()
	if got.Code != status || h.Get("Content-Type") != contentType || h.Get("Cache-Control") != cache {
		t.Errorf("got %d, %q, %q; want %d, %q, %q", got.Code, h.Get("Content-Type"), h.Get("Cache-Control"), status, contentType, cache)
	}
}
