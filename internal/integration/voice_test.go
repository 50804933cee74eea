package integration_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/voc"
)

func (w *world) say(ctx context.Context, kind voc.VoiceKind, words string) *voc.Voice {
	w.Helper()
	v, err := w.voc.SendVoice(ctx, voc.SendVoiceInput{Kind: kind, Text: words})
	require.NoError(w, err)
	return v
}

// webm is the beginning of a recording as browsers make it.
var webm = append([]byte("\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04"), make([]byte, 100)...)

func TestAVoiceFromTheFieldToWhatChanged(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.draft(w.gimje)
		photo, err := w.voc.KeepFile(w.gimje, bytes.NewReader(picture(w)))
		require.NoError(w, err)
		sound, err := w.voc.KeepFile(w.gimje, bytes.NewReader(webm))
		require.NoError(w, err)
		in := voc.SendVoiceInput{
			IdempotencyKey: "v-1", Kind: voc.Problem, Text: "  시동이 늦게 걸려요 ", PhotoSha256s: []string{photo}, AudioSha256: sound,
			ContractID: c.ID, ProductID: "prd_55", SerialNumber: "DR55-0001", Screen: "/customers", OccurredAt: w.ago(2 * time.Hour),
		}
		before := w.points("dlr_gimje").Points
		v, err := w.voc.SendVoice(w.gimje, in)
		require.NoError(w, err)
		again, err := w.voc.SendVoice(w.gimje, in)
		require.NoError(w, err)
		assert.Equal(w, v.ID, again.ID, "a repeat gets the first answer")
		assert.Equal(w, []any{"시동이 늦게 걸려요", voc.ServiceTeam, "52", "dlr_gimje", c.CustomerID}, []any{v.Text, v.Team, v.RegionCode, v.DealerID, v.CustomerID})
		assert.Equal(w, time.Date(2026, 11, 24, 17, 30, 0, 0, time.FixedZone("KST", 9*3600)).UTC(), v.DueAt, "eight office hours from half past nine")
		assert.Equal(w, before+4, w.points("dlr_gimje").Points)

		file, err := w.voc.VoiceFile(w.hq, v.ID, sound)
		require.NoError(w, err)
		assert.Equal(w, "audio/webm", file.Type)
		content, err := io.ReadAll(file.Content)
		require.NoError(w, err)
		require.NoError(w, file.Content.Close())
		assert.Equal(w, webm, content)

		answered, err := w.voc.AnswerVoice(w.hq, voc.AnswerVoiceInput{VoiceID: v.ID, Text: "부품을 보내드릴게요"})
		require.NoError(w, err)
		assert.Equal(w, voc.VoiceAnswered, answered.Status)
		assigned, err := w.voc.AssignVoice(w.hq, voc.AssignVoiceInput{VoiceID: v.ID, ExpectedVersion: answered.Version, AssigneeID: "usr_hq", Team: voc.ProductTeam})
		require.NoError(w, err)
		useful, err := w.voc.MarkVoiceUseful(w.hq, voc.MarkVoiceUsefulInput{VoiceID: v.ID})
		require.NoError(w, err)
		assert.Equal(w, before+8, w.points("dlr_gimje").Points)
		closed, err := w.voc.CloseVoice(w.hq, voc.CloseVoiceInput{VoiceID: v.ID, ExpectedVersion: useful.Version, Outcome: "예열 장치를 바꿨어요"})
		require.NoError(w, err)
		assert.Equal(w, voc.VoiceClosed, closed.Status)
		assert.Equal(w, voc.ProductTeam, assigned.Team)

		seen, err := w.voc.Voice(w.gimje, v.ID)
		require.NoError(w, err, "the sender sees what changed")
		assert.Equal(w, "예열 장치를 바꿨어요", seen.Outcome)
		answers, err := w.voc.AnswersOf(w.gimje, []string{v.ID})
		require.NoError(w, err)
		require.Len(w, answers[v.ID], 1)
		names, err := w.voc.NamesOf(w.gimje, []string{answers[v.ID][0].ActorID})
		require.NoError(w, err)
		assert.Equal(w, "사람 usr_hq", names["usr_hq"])
		praise := w.say(w.gimje, voc.Praise, "좋아요")
		w.unchanged("steps that are refused", func() {
			_, err := w.voc.MarkVoiceUseful(w.hq, voc.MarkVoiceUsefulInput{VoiceID: v.ID})
			w.refused("useful twice", err, fault.Conflict, "voice.already_useful", "")
			_, err = w.voc.AnswerVoice(w.hq, voc.AnswerVoiceInput{VoiceID: v.ID, Text: "또"})
			w.refused("an answer to what is over", err, fault.Conflict, "voice.closed", "")
			_, err = w.voc.CloseVoice(w.hq, voc.CloseVoiceInput{VoiceID: v.ID, ExpectedVersion: useful.Version, Outcome: "또"})
			w.refused("a stale version", err, fault.Conflict, "voice.changed", "expectedVersion")
			_, err = w.voc.AnswerVoice(w.hq, voc.AnswerVoiceInput{VoiceID: v.ID, Text: " \n"})
			w.refused("nothing", err, fault.Invalid, "voice.nothing_said", "text")
			_, err = w.voc.AssignVoice(w.hq, voc.AssignVoiceInput{VoiceID: praise.ID, ExpectedVersion: 9})
			w.refused("a version to come", err, fault.Conflict, "voice.changed", "expectedVersion")
		})
	})
}

func TestVoicesThatAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		others, mine := w.draft(w.iksan), w.draft(w.gimje)
		foreign, err := w.voc.KeepFile(w.iksan, bytes.NewReader(picture(w)))
		require.NoError(w, err)
		own, err := w.voc.KeepFile(w.gimje, bytes.NewReader(picture(w)))
		require.NoError(w, err)
		assert.Equal(w, foreign, own, "the same bytes are the same file, and each is somebody's")
		sound, err := w.voc.KeepFile(w.iksan, bytes.NewReader(webm))
		require.NoError(w, err)
		w.unchanged("voices that are refused", func() {
			for name, tt := range map[string]struct {
				change     func(in *voc.SendVoiceInput)
				code       fault.Code
				key, field string
			}{
				"no kind":                        {func(in *voc.SendVoiceInput) { in.Kind = "" }, fault.Invalid, "voice.bad_kind", "kind"},
				"nothing at all":                 {func(in *voc.SendVoiceInput) { in.Text = " " }, fault.Invalid, "voice.empty", "text"},
				"words without end":              {func(in *voc.SendVoiceInput) { in.Text = strings.Repeat("가", 4_001) }, fault.Invalid, "text.too_long", "text"},
				"another dealer's contract":      {func(in *voc.SendVoiceInput) { in.ContractID = others.ID }, fault.NotFound, "contract.not_found", "contractId"},
				"another dealer's customer":      {func(in *voc.SendVoiceInput) { in.CustomerID = others.CustomerID }, fault.NotFound, "customer.not_found", "customerId"},
				"a customer of another contract": {func(in *voc.SendVoiceInput) { in.ContractID, in.CustomerID = mine.ID, others.CustomerID }, fault.Invalid, "voice.other_customer", "customerId"},
				"an unknown product":             {func(in *voc.SendVoiceInput) { in.ProductID = "prd_unknown" }, fault.NotFound, "catalogue.unknown_product", "productId"},
				"somebody else's sound":          {func(in *voc.SendVoiceInput) { in.AudioSha256 = sound }, fault.NotFound, "voice.no_file", "audioSha256"},
				"a photo as speech":              {func(in *voc.SendVoiceInput) { in.AudioSha256 = own }, fault.NotFound, "voice.no_file", "audioSha256"},
				"a photo of nobody's":            {func(in *voc.SendVoiceInput) { in.PhotoSha256s = []string{"x"} }, fault.NotFound, "voice.no_file", "photoSha256s"},
				"an id of another kind":          {func(in *voc.SendVoiceInput) { in.ID = "cus_1" }, fault.Invalid, "id.malformed", "id"},
				"a time to come":                 {func(in *voc.SendVoiceInput) { in.OccurredAt = w.ago(-time.Hour) }, fault.Invalid, "act.in_future", "occurredAt"},
			} {
				in := voc.SendVoiceInput{Kind: voc.Question, Text: "언제 오나요?"}
				tt.change(&in)
				_, err := w.voc.SendVoice(w.gimje, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
			for name, raw := range map[string]string{"a text": "나는 파일이 아니에요", "nothing": "", "a page": "<html>", "half a picture": string(picture(w)[:100])} {
				_, err := w.voc.KeepFile(w.gimje, strings.NewReader(raw))
				w.refused(name, err, fault.Invalid, "voice.bad_file", "file")
			}
			_, err := w.voc.KeepFile(w.gimje, io.MultiReader(bytes.NewReader(webm), io.LimitReader(zeros{}, voc.MaxAudio)))
			w.refused("an endless recording", err, fault.Invalid, "voice.audio_too_large", "file")
		})
	})
}

func TestWhoHearsAVoice(t *testing.T) {
	eachWorld(t, func(w *world) {
		customer := w.owner(w.opened(w.draft(w.gimje)))
		neighbour := w.owner(w.opened(w.draft(w.gimje)))
		staff, theirs, reps := w.say(w.gimje, voc.Problem, "대리점의 말"), w.say(customer, voc.Problem, "고객의 말"), w.say(w.rep, voc.Suggestion, "영업사원의 말")
		assert.Equal(w, "dlr_gimje", theirs.DealerID)
		assert.NotEmpty(w, theirs.ContractID, "what the link leads to")
		hears := func(ctx context.Context) []string {
			list, err := w.voc.Voices(ctx, nil, nil, nil)
			require.NoError(w, err)
			var ids []string
			for _, v := range list.Nodes {
				ids = append(ids, v.ID)
				_, err := w.voc.Voice(ctx, v.ID)
				require.NoError(w, err)
			}
			return ids
		}
		for name, tt := range map[string]struct {
			ctx  context.Context
			want []string
		}{
			"HQ hears all":                           {w.hq, []string{staff.ID, theirs.ID, reps.ID}},
			"the rep hears its dealers' and its own": {w.rep, []string{staff.ID, theirs.ID, reps.ID}},
			"another rep hears nothing":              {w.otherRep, nil},
			"the dealer hears its staff, and not what a customer says of it": {w.gimje, []string{staff.ID}},
			"another dealer hears nothing":                                   {w.iksan, nil},
			"the customer hears their own":                                   {customer, []string{theirs.ID}},
			"another customer of the dealer's hears nothing":                 {neighbour, nil},
		} {
			assert.ElementsMatch(w, tt.want, hears(tt.ctx), name)
		}
		for name, ctx := range map[string]context.Context{"another dealer": w.iksan, "another rep": w.otherRep, "another customer": neighbour} {
			_, err := w.voc.Voice(ctx, theirs.ID)
			w.refused(name, err, fault.NotFound, "voice.not_found", "")
			_, err = w.voc.VoiceFile(ctx, theirs.ID, "x")
			w.refused(name, err, fault.NotFound, "voice.not_found", "")
			answers, err := w.voc.AnswersOf(ctx, []string{theirs.ID, staff.ID, reps.ID})
			require.NoError(w, err)
			assert.Empty(w, answers)
		}
		own, err := w.voc.Voices(w.rep, &voc.VoiceFilter{Mine: true}, nil, nil)
		require.NoError(w, err)
		assert.Equal(w, 1, own.TotalCount)
		foreign := w.draft(w.iksan)
		w.unchanged("a customer who names others", func() {
			_, err := w.voc.SendVoice(customer, voc.SendVoiceInput{Kind: voc.Problem, Text: "x", ContractID: foreign.ID})
			w.refused("another contract", err, fault.NotFound, "contract.not_found", "contractId")
		})
	})
}

func TestAVoiceEarnsForTheStaffWhoPassItOnWithinADay(t *testing.T) {
	eachWorld(t, func(w *world) {
		late, err := w.voc.SendVoice(w.gimje, voc.SendVoiceInput{Kind: voc.Suggestion, Text: "어제 들은 말", OccurredAt: w.ago(25 * time.Hour)})
		require.NoError(w, err)
		entries := w.entries(late.ID)
		require.Len(w, entries, 1)
		assert.Equal(w, []any{0, "iq.voice_late"}, []any{entries[0].Points, entries[0].Explanation})
		for i := range 6 {
			v := w.say(w.gimje, voc.Praise, "좋아요")
			entries := w.entries(v.ID)
			require.Len(w, entries, 1)
			assert.Equal(w, map[bool]int{true: 4, false: 0}[i < 5], entries[0].Points, "five a month")
		}
		theirs := w.say(w.owner(w.opened(w.draft(w.gimje))), voc.Praise, "좋아요")
		_, err = w.voc.MarkVoiceUseful(w.hq, voc.MarkVoiceUsefulInput{VoiceID: theirs.ID})
		require.NoError(w, err)
		assert.Empty(w, w.entries(theirs.ID), "a customer's own words are no behaviour of the dealer's")
	})
}

func TestAnUnansweredVoiceRises(t *testing.T) {
	eachWorld(t, func(w *world) {
		v, answered := w.say(w.gimje, voc.Problem, "고장"), w.say(w.gimje, voc.Problem, "또 고장")
		_, err := w.voc.AnswerVoice(w.hq, voc.AnswerVoiceInput{VoiceID: answered.ID, Text: "갈게요"})
		require.NoError(w, err)
		level := func(id string) int {
			require.NoError(w, w.voc.EscalateVoices(w.system))
			read, err := w.voc.Voice(w.hq, id)
			require.NoError(w, err)
			return read.Level
		}
		assert.Zero(w, level(v.ID), "it is not due")
		w.pass(v.DueAt.Sub(w.now()))
		assert.Equal(w, 1, level(v.ID))
		assert.Equal(w, 1, level(v.ID), "once each time")
		overdue, err := w.voc.Voices(w.hq, &voc.VoiceFilter{Overdue: true, Escalated: true}, nil, nil)
		require.NoError(w, err)
		assert.Equal(w, 1, overdue.TotalCount)
		w.pass(5 * 24 * time.Hour)
		assert.Equal(w, voc.MaxLevel, level(v.ID))
		w.pass(30 * 24 * time.Hour)
		assert.Equal(w, voc.MaxLevel, level(v.ID), "and no further")
		assert.Zero(w, level(answered.ID))
		assert.Equal(w, voc.MaxLevel, w.count("acts", "kind = ?", act.VoiceEscalated))
	})
}

func TestAVoiceIsHeardAsItComesIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.say(w.gimje, voc.Praise, "먼저 한 말")
		ctx, stop := context.WithCancel(w.hq)
		defer stop()
		hq, err := w.voc.VoicesReceived(ctx)
		require.NoError(w, err)
		theirs, err := w.voc.VoicesReceived(identity.With(ctx, actor("usr_other_rep")))
		require.NoError(w, err)
		others, mine := w.say(w.iksan, voc.Problem, "익산의 말"), w.say(w.gimje, voc.Problem, "김제의 말")
		assert.ElementsMatch(w, []string{others.ID, mine.ID}, []string{(<-hq).ID, (<-hq).ID}, "nothing from before")
		assert.Equal(w, others.ID, (<-theirs).ID)
		select {
		case v := <-theirs:
			assert.Fail(w, "a voice from outside of the territory", v.ID)
		default:
		}
		stop()
		for range hq {
			assert.Fail(w, "a voice after the end")
		}
	})
}
