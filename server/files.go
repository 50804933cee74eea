package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"dure/domain/fault"
	"dure/graph/words"
)

// Bearer returns the token of an Authorization header, "" when there is none.
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// file hands out a file to a caller whose reach it lies in. To any other it does
// not exist. An empty content type is told from the content.
func (d Deps) file(open Open, contentType, name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		ctx, err := d.bearer(ctx, Bearer(r))
		if err != nil {
			d.fail(w, r, err)
			return
		}
		r = r.WithContext(ctx)
		content, err := open(ctx, chi.URLParam(r, "id"))
		if err != nil {
			d.fail(w, r, err)
			return
		}
		hand(w, r, content, contentType, name)
	}
}

// shared hands out the file that a signed link opens, to whoever holds it.
func (d Deps) shared(w http.ResponseWriter, r *http.Request) {
	file, err := d.Shared(r.Context(), chi.URLParam(r, "link"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the path itself is the key
	hand(w, r, file.Content, file.Type, file.Name)
}

// hand answers with a file and closes it.
func hand(w http.ResponseWriter, r *http.Request, content io.ReadCloser, contentType, name string) {
	defer func() { _ = content.Close() }()
	h := w.Header()
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'") // browsers' own viewers need more than nothing
	if seeker, ok := content.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, seeker)
		return
	}
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.Copy(w, content); err != nil {
		panic(http.ErrAbortHandler) //nolint:forbidigo // a cut connection says that the file is not whole
	}
}

// bearer returns ctx speaking for a token's bearer.
func (d Deps) bearer(ctx context.Context, token string) (context.Context, error) {
	if token == "" {
		return nil, fault.New(fault.Unauthenticated, "identity.sign_in_first")
	}
	return d.Authenticate(ctx, token)
}

// voiceFile hands out a photo or a recording of a voice to a caller whose reach
// it lies in.
func (d Deps) voiceFile(w http.ResponseWriter, r *http.Request) {
	ctx, err := d.bearer(r.Context(), Bearer(r))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	r = r.WithContext(ctx)
	file, err := d.VoiceFile(ctx, chi.URLParam(r, "id"), chi.URLParam(r, "sha256"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	name := "recording"
	if strings.HasPrefix(file.Type, "image/") {
		name = "photo"
	}
	hand(w, r, file.Content, file.Type, name)
}

// keep keeps the file that a request's body is, and answers with its SHA-256.
func (d Deps) keep(keep func(ctx context.Context, r io.Reader) (sha256 string, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, err := d.bearer(r.Context(), Bearer(r))
		if err != nil {
			d.fail(w, r, err)
			return
		}
		sha, err := keep(ctx, r.Body)
		if err != nil {
			d.fail(w, r.WithContext(ctx), err)
			return
		}
		reply(w, http.StatusCreated, map[string]string{"sha256": sha})
	}
}

// documentTime is how long a document may take to come over a weak connection.
const documentTime = 5 * time.Minute

// keepDocument keeps the document that a request's body is, and answers with its
// SHA-256.
func (d Deps) keepDocument(w http.ResponseWriter, r *http.Request) {
	ctx, err := d.bearer(r.Context(), Bearer(r))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(documentTime)) // a recorder in a test cannot
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(documentTime + answerTime))
	kept, err := d.KeepDocument(ctx, r.Body)
	if err != nil {
		d.fail(w, r.WithContext(ctx), err)
		return
	}
	reply(w, http.StatusCreated, map[string]string{"sha256": kept.SHA256, "type": kept.Type})
}

// film plays a product's film to anybody, from any second on. What is no film
// is answered by missing.
func (d Deps) film(missing http.HandlerFunc) http.HandlerFunc {
	if d.Film == nil {
		return missing
	}
	return func(w http.ResponseWriter, r *http.Request) {
		content, err := d.Film(r.Context(), chi.URLParam(r, "id"))
		if fault.CodeOf(err) == fault.NotFound {
			missing(w, r)
			return
		}
		if err != nil {
			d.fail(w, r, err)
			return
		}
		defer func() { _ = content.Close() }()
		seeker, ok := content.(io.ReadSeeker)
		if !ok {
			d.fail(w, r, errors.New("a film that cannot be sought in"))
			return
		}
		h := w.Header()
		h.Set("Content-Type", "video/mp4")
		h.Set("Cache-Control", "public, max-age=86400")
		http.ServeContent(w, r, "", time.Time{}, seeker)
	}
}

// fail answers a fault by its code, and anything else as our own failure.
func (d Deps) fail(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault.Fault
	if errors.As(err, &f) {
		refuseFault(w, r, f)
		return
	}
	d.Log.ErrorContext(r.Context(), "open a file", "route", routeOf(r), "error", err)
	refuse(w, r, http.StatusInternalServerError, fault.Internal, words.Code(words.From(r.Context()), fault.Internal))
}

var statuses = map[fault.Code]int{
	fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound,
	fault.Invalid: http.StatusBadRequest, fault.Conflict: http.StatusConflict, fault.Limited: http.StatusTooManyRequests,
}

func refuseFault(w http.ResponseWriter, r *http.Request, f *fault.Fault) {
	status, ok := statuses[f.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="dure"`)
	}
	refuse(w, r, status, f.Code, words.Fault(words.From(r.Context()), f))
}

func refuse(w http.ResponseWriter, r *http.Request, status int, code fault.Code, message string) {
	reply(w, status, map[string]string{"code": string(code), "message": message, "requestId": RequestID(r.Context())})
}
