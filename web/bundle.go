package web

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// The bundle begins here; its style sheets are imported from there.
const entry = "src/main.ts"

// bundle makes one script and one style sheet of the files, by their names,
// which carry a hash of their content: "main-3XOY5TBC.js".
func bundle(files fs.FS, debug bool) (map[string][]byte, error) {
	options := api.BuildOptions{
		EntryPoints:   []string{entry},
		Plugins:       []api.Plugin{only(files)},
		Bundle:        true,
		Outdir:        "/",
		EntryNames:    "[name]-[hash]",
		Format:        api.FormatESModule,
		Target:        api.ES2022,
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone,
		LogLevel:      api.LogLevelSilent,
		TsconfigRaw:   `{"compilerOptions": {"verbatimModuleSyntax": true}}`,
	}
	if debug {
		options.Sourcemap = api.SourceMapInline
	} else {
		options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return nil, asError(result.Errors)
	}
	assets := map[string][]byte{}
	for _, f := range result.OutputFiles {
		assets[path.Base(f.Path)] = f.Contents
	}
	return assets, nil
}

// namespace marks the paths that are names in the file system given to only.
const namespace = "page"

// only is a resolver for which nothing exists but files, by relative paths.
func only(files fs.FS) api.Plugin {
	resolve := func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		if a.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{Path: path.Clean(a.Path), Namespace: namespace}, nil
		}
		if !strings.HasPrefix(a.Path, ".") {
			return api.OnResolveResult{}, fmt.Errorf("%q: only relative files can be imported", a.Path)
		}
		name := path.Join(path.Dir(a.Importer), a.Path)
		if _, err := fs.Stat(files, name); err != nil {
			return api.OnResolveResult{}, err
		}
		return api.OnResolveResult{Path: name, Namespace: namespace}, nil
	}
	load := func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		data, err := fs.ReadFile(files, a.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		text := string(data)
		return api.OnLoadResult{Contents: &text, Loader: loaders[path.Ext(a.Path)]}, nil
	}
	return api.Plugin{Name: "only", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `.*`}, resolve)
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: namespace}, load)
	}}
}

var loaders = map[string]api.Loader{
	".ts":  api.LoaderTS,
	".css": api.LoaderCSS,
}

// asError joins the bundler's messages, a line each: "src/main.ts:3:7: text".
func asError(messages []api.Message) error {
	var errs []error
	for _, m := range messages {
		where := ""
		if l := m.Location; l != nil {
			where = fmt.Sprintf("%s:%d:%d: ", strings.TrimPrefix(l.File, namespace+":"), l.Line, l.Column+1)
		}
		errs = append(errs, errors.New(where+m.Text))
	}
	return errors.Join(errs...)
}
