package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"dure/domain/leaderboard"
)

// Reader reads a board as it is now: all of its places, or as many as may be
// shown. It answers for every watcher alike, so it must not look at who asks.
type Reader func(ctx context.Context, board leaderboard.Board) (leaderboard.View, error)

// HubOptions say how often a hub reads. Zero values mean the defaults.
type HubOptions struct {
	Interval time.Duration // shortest time between two reads of a board; 50 ms
	Poll     time.Duration // a board is read this often even without a signal; 5 s
	Retry    time.Duration // the same while a read failed or was stale; 1 s
	Top      int           // how many places Change.Top has; 20
	Log      *slog.Logger  // hears of reads that failed; slog.Default()
}

// Hub tells many watchers how boards move. A signal wakes it; it reads each
// watched board once, however many watch it, and gives each watcher the newest
// state. A signal that was lost is made up for by the next poll.
type Hub struct {
	read    Reader
	options HubOptions
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mutex sync.Mutex
	feeds map[leaderboard.Board]*feed
}

var _ leaderboard.Watcher = (*Hub)(nil)

// NewHub starts a hub that wakes on signals. Close it.
func NewHub(signals leaderboard.Signals, read Reader, options HubOptions) *Hub {
	if options.Interval == 0 {
		options.Interval = 50 * time.Millisecond
	}
	if options.Poll == 0 {
		options.Poll = 5 * time.Second
	}
	if options.Retry == 0 {
		options.Retry = time.Second
	}
	if options.Top == 0 {
		options.Top = 20
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	h := &Hub{read: read, options: options, feeds: map[leaderboard.Board]*feed{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	changed := signals.Subscribe(h.ctx)
	h.running.Go(func() {
		for board := range changed {
			h.wake(board)
		}
	})
	return h
}

// Close ends every watch and waits for the hub's work to end.
func (h *Hub) Close() {
	h.mutex.Lock()
	h.stop()
	h.mutex.Unlock()
	h.running.Wait()
}

// Watch delivers board's state and then each change until ctx or the hub ends,
// which closes the channel. The first state has nothing moved; it waits for
// the first read that succeeds.
func (h *Hub) Watch(ctx context.Context, board leaderboard.Board) <-chan leaderboard.Change {
	w := &watcher{changes: make(chan leaderboard.Change, 1)}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.ctx.Err() != nil || ctx.Err() != nil {
		close(w.changes)
		return w.changes
	}
	f := h.feeds[board]
	if f == nil {
		f = &feed{hub: h, board: board, woken: make(chan struct{}, 1), watchers: map[*watcher]struct{}{}}
		f.ctx, f.stop = context.WithCancel(h.ctx)
		h.feeds[board] = f
		h.running.Go(f.run)
	}
	f.add(w)
	context.AfterFunc(ctx, func() { h.leave(f, w) })
	return w.changes
}

// leave takes w off its feed, and ends the feed after its last watcher.
func (h *Hub) leave(f *feed, w *watcher) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if f.remove(w) == 0 && h.feeds[f.board] == f {
		delete(h.feeds, f.board)
		f.stop()
	}
}

// wake has the feed of board read again, or all feeds for the zero Board.
func (h *Hub) wake(board leaderboard.Board) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if board != (leaderboard.Board{}) {
		if f := h.feeds[board]; f != nil {
			f.wake()
		}
		return
	}
	for _, f := range h.feeds {
		f.wake()
	}
}

// feed follows one board for its watchers.
type feed struct {
	hub   *Hub
	board leaderboard.Board
	woken chan struct{}
	ctx   context.Context
	stop  context.CancelFunc

	mutex    sync.Mutex
	state    *leaderboard.View // nil until the first read
	watchers map[*watcher]struct{}
}

// watcher is one receiver. All but its channel is the feed's, under its mutex.
type watcher struct {
	changes chan leaderboard.Change // holds the newest state that was not received yet
	held    *leaderboard.View       // the state in changes, received or not
	seen    *leaderboard.View       // the state that was received before it
}

func (f *feed) wake() {
	select {
	case f.woken <- struct{}{}:
	default: // it will read anyway
	}
}

// run reads at once and then at each wake, with a pause between, or when it is
// time to poll, until the feed ends.
func (f *feed) run() {
	defer f.end()
	options := f.hub.options
	for {
		next := options.Poll
		if !f.refresh() {
			next = min(options.Retry, options.Poll)
		}
		if !sleep(f.ctx, options.Interval, nil) || !sleep(f.ctx, next-options.Interval, f.woken) {
			return
		}
	}
}

// sleep waits until time is up or woken tells, and reports false when ctx ended.
func sleep(ctx context.Context, duration time.Duration, woken <-chan struct{}) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-woken:
	}
	return ctx.Err() == nil
}

// refresh reads the board and passes a changed state on. It reports whether
// the boards themselves answered.
func (f *feed) refresh() bool {
	view, err := f.hub.read(f.ctx, f.board)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			f.hub.options.Log.WarnContext(f.ctx, "read a watched board", "board", f.board, "error", err)
		}
		return false
	}
	view.Board = f.board
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.state != nil && leaderboard.SameState(*f.state, view) {
		return !view.Stale
	}
	f.state = &view
	changes := map[*leaderboard.View]leaderboard.Change{} // by the state moved from: mostly one for all watchers
	for w := range f.watchers {
		f.send(w, changes)
	}
	return !view.Stale
}

// send gives w the feed's state in place of one it has not received.
func (f *feed) send(w *watcher, changes map[*leaderboard.View]leaderboard.Change) {
	select {
	case <-w.changes: // not received: what moved still counts from seen
	default:
		w.seen = w.held
	}
	change, ok := changes[w.seen]
	if !ok {
		change = leaderboard.ChangeBetween(w.seen, *f.state, f.hub.options.Top)
		changes[w.seen] = change
	}
	w.held = f.state
	w.changes <- change // has room: only the feed sends, and it has just emptied it
}

// add takes w on, with the state at once where it is known.
func (f *feed) add(w *watcher) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.watchers[w] = struct{}{}
	if f.state != nil {
		f.send(w, map[*leaderboard.View]leaderboard.Change{})
	}
}

// remove takes w off and returns how many watchers are left.
func (f *feed) remove(w *watcher) int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if _, ok := f.watchers[w]; ok {
		delete(f.watchers, w)
		close(w.changes)
	}
	return len(f.watchers)
}

// end closes what is left when the hub ends.
func (f *feed) end() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for w := range f.watchers {
		delete(f.watchers, w)
		close(w.changes)
	}
}
