package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/adapters/store"
	"dure/adapters/vault"
	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// opening is when every test's world begins: a Tuesday morning in Korea.
var opening = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

const password = "모내기 철에는 일찍 일어나요"

// world is a small channel with two dealers in two territories, their people,
// one line of tractors, and the services on top of it.
type world struct {
	*testing.T
	db    *store.DB
	clock atomic.Int64 // nanoseconds since opening

	people    *identity.Service
	channel   *channel.Service
	catalogue *catalogue.Service
	customers *customer.Service

	// Contexts that speak for one person each.
	gimje, iksan  context.Context // dealer staff, each of another dealer
	rep, otherRep context.Context // of the territories of gimje and iksan
	hq, lender    context.Context
	nobody        context.Context
}

// eachWorld runs a test in a fresh world on either engine.
func eachWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	eachEngine(t, func(t *testing.T, db *store.DB) { test(newWorld(t, db)) })
}

func (w *world) now() time.Time { return opening.Add(time.Duration(w.clock.Load())) }

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.clock.Add(int64(d)) }

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{T: t, db: db, nobody: context.Background()}
	v, err := vault.Open(make([]byte, vault.MasterSize))
	require.NoError(t, err)
	redis, err := live.Open(context.Background(), live.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, redis.Close()) })

	var ids atomic.Int64
	kit := work.Kit{Unit: db, Now: w.now, NewID: func(prefix string) string {
		return fmt.Sprintf("%s_%09d", prefix, ids.Add(1))
	}}
	log := &act.Log{Store: store.Acts{DB: db}}
	cursors := page.Codec{Key: v.Key("cursor")}
	w.people = &identity.Service{
		Kit: kit, Store: store.People{DB: db}, Acts: log,
		Passwords: passwords{}, Tokens: tokens{v}, RefreshTokens: refreshTokens{}, Limiter: redis.Limits(),
		Clients: store.People{DB: db}, Authorizations: store.People{DB: db}, Passes: store.People{DB: db}, Keyring: store.People{DB: db}, Subjects: store.People{DB: db}, Dealerships: store.People{DB: db},
		Directory: store.People{DB: db}, Cursors: cursors, Ended: &identity.Ended{Store: store.People{DB: db}, Now: w.now, Log: slog.Default()},
		Keys: &identity.Keys{Store: store.People{DB: db}, Sealer: sealer{v}, Now: w.now, NewID: kit.NewID},
	}
	w.channel = &channel.Service{Kit: kit, Store: store.Channel{DB: db}, Acts: log, Cursors: cursors}
	w.catalogue = &catalogue.Service{Kit: kit, Store: store.Catalogue{DB: db}}
	w.customers = &customer.Service{
		Kit: kit, Store: store.Customers{DB: db}, Acts: log, Cursors: cursors, Sealer: sealer{v}, Channel: w.channel,
	}
	w.settle()
	return w
}

// settle puts the people, places and products there.
func (w *world) settle() {
	hash, err := vault.HashPassword(password)
	require.NoError(w, err)
	long := opening.AddDate(-5, 0, 0)
	user := func(id string, p identity.Persona, org, dealer string) identity.User {
		u := identity.User{
			ID: id, Login: id + "@demo.dure", PasswordHash: hash, Name: "사람 " + id, Persona: p,
			OrganizationID: org, DealerID: dealer, Active: true, CreatedAt: long,
		}
		return u
	}
	users := []identity.User{
		user("usr_gimje", identity.Dealer, "org_gimje", "dlr_gimje"), user("usr_iksan", identity.Dealer, "org_iksan", "dlr_iksan"),
		user("usr_rep", identity.Rep, "org_maker", ""), user("usr_other_rep", identity.Rep, "org_maker", ""),
		user("usr_hq", identity.HQ, "org_maker", ""), user("usr_lender", identity.Lender, "org_lender", ""),
		user("usr_left", identity.Dealer, "org_gimje", "dlr_gimje"),
	}
	users[len(users)-1].Active = false
	w.insert(&[]identity.Organization{
		{ID: "org_maker", Name: "두레농기계", Kind: identity.Maker},
		{ID: "org_lender", Name: "들녘캐피탈", Kind: identity.FinanceCompany},
		{ID: "org_gimje", Name: "김제대리점", Kind: identity.Dealership},
		{ID: "org_iksan", Name: "익산대리점", Kind: identity.Dealership},
	})
	w.insert(&users)
	w.insert(&[]channel.Region{
		{Code: "45", Name: "전북", NameEn: "Jeonbuk", ValidFrom: long, ValidUntil: opening.AddDate(-1, 0, 0), SucceededBy: "52", DiscountBandBP: 300},
		{Code: "52", Name: "전북", NameEn: "Jeonbuk", ValidFrom: opening.AddDate(-1, 0, 0), DiscountBandBP: 300},
		{Code: "41", Name: "경기", NameEn: "Gyeonggi", ValidFrom: long, DiscountBandBP: 200},
	})
	w.insert(&[]channel.District{
		{Code: "52210", RegionCode: "52", Name: "김제시", ValidFrom: long},
		{Code: "52140", RegionCode: "52", Name: "익산시", ValidFrom: long},
		{Code: "41110", RegionCode: "41", Name: "수원시", ValidFrom: long},
	})
	w.insert(&[]channel.Territory{
		{ID: "ter_west", Name: "전북 서부", RegionCode: "52", RepID: "usr_rep"}, {ID: "ter_north", Name: "전북 북부", RegionCode: "52", RepID: "usr_other_rep"},
	})
	dealer := func(id, name, number, district, territory string) channel.Dealer {
		return channel.Dealer{
			ID: id, Name: name, BusinessNumber: number, OwnerName: "주인", RegionCode: "52", DistrictCode: district,
			TerritoryID: territory, OpenedOn: long, Version: 1,
		}
	}
	w.insert(&[]channel.Dealer{
		dealer("dlr_gimje", "김제 100% 대리점", "0000000010", "52210", "ter_west"), dealer("dlr_iksan", "익산_대리점", "0000000029", "52140", "ter_north"),
		dealer("dlr_buan", "부안대리점", "0000000038", "52210", "ter_west"),
	})
	w.insert(&[]channel.Staff{
		{ID: "stf_1", DealerID: "dlr_gimje", UserID: "usr_gimje", Name: "김대리", Role: channel.Owner, JoinedOn: long},
		{ID: "stf_2", DealerID: "dlr_iksan", UserID: "usr_iksan", Name: "이대리", Role: channel.Sales, JoinedOn: long},
		{ID: "stf_3", DealerID: "dlr_gimje", Name: "떠난이", Role: channel.Sales, JoinedOn: long, LeftOn: opening.AddDate(0, -1, 0)},
	})
	w.settleCatalogue(long)
	w.insert(&[]customer.ConsentText{
		{ID: "personal-data@1", Purpose: customer.PersonalData, Version: 1, Title: "개인정보", Body: "처음 글", ValidFrom: long},
		{ID: "personal-data@2", Purpose: customer.PersonalData, Version: 2, Title: "개인정보", Body: "고친 글", ValidFrom: opening.AddDate(0, -1, 0)},
		{ID: "personal-data@3", Purpose: customer.PersonalData, Version: 3, Title: "개인정보", Body: "다음 글", ValidFrom: opening.AddDate(0, 1, 0)},
		{ID: "marketing@1", Purpose: customer.Marketing, Version: 1, Title: "소식", Body: "글", ValidFrom: long},
		{ID: "finance@1", Purpose: customer.ThirdParty, Version: 1, Title: "금융사 제공", Body: "글", ValidFrom: long},
		{ID: "delivery@4", Purpose: customer.ThirdParty, Version: 4, Title: "운송사 제공", Body: "글", ValidFrom: long},
	})
	for id, at := range map[string]*context.Context{
		"usr_gimje": &w.gimje, "usr_iksan": &w.iksan, "usr_rep": &w.rep, "usr_other_rep": &w.otherRep, "usr_hq": &w.hq, "usr_lender": &w.lender,
	} {
		for _, u := range users {
			if u.ID == id {
				*at = identity.With(w.nobody, identity.Actor{
					UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID,
				})
			}
		}
	}
}

func (w *world) settleCatalogue(long time.Time) {
	change := opening.AddDate(0, 0, 7) // when prices change
	w.insert(&[]catalogue.ProductLine{{ID: "lin_50", Name: "DR50", HorsepowerMin: 50, HorsepowerMax: 64}})
	w.insert(&[]catalogue.Product{
		{ID: "prd_55", LineID: "lin_50", Name: "두레 55", ModelCode: "DR55", Horsepower: 55, Summary: "논에 좋아요", SummaryEn: "Good in paddies", Crops: []string{"RICE"}},
		{ID: "prd_50", LineID: "lin_50", Name: "두레 50", ModelCode: "DR50", Horsepower: 50, Summary: "밭에 좋아요", SummaryEn: "Good in fields", Crops: []string{"VEGETABLE", "SWEET_POTATO"}},
		{ID: "prd_old", LineID: "lin_50", Name: "두레 옛것", ModelCode: "DR49", Horsepower: 49, Summary: "옛것", SummaryEn: "Old", Crops: []string{}, Discontinued: true},
		{ID: "prd_new", LineID: "lin_50", Name: "두레 새것", ModelCode: "DR60", Horsepower: 60, Summary: "새것", SummaryEn: "New", Crops: []string{"RICE"}},
	})
	w.insert(&[]catalogue.Option{
		{ID: "opt_loader", ProductID: "prd_55", Name: "로더", NameEn: "Loader"},
		{ID: "opt_cabin", ProductID: "prd_55", Name: "캐빈", NameEn: "Cabin"},
		{ID: "opt_50", ProductID: "prd_50", Name: "로더", NameEn: "Loader"},
		{ID: "opt_unpriced", ProductID: "prd_55", Name: "곧 나와요", NameEn: "Soon"},
	})
	w.insert(&[]catalogue.Price{
		{ID: "prc_1", ProductID: "prd_55", Amount: 40_000_000, ValidFrom: long, ValidUntil: change},
		{ID: "prc_2", ProductID: "prd_55", Amount: 42_000_000, ValidFrom: change},
		{ID: "prc_3", ProductID: "prd_50", Amount: 36_000_000, ValidFrom: long},
		{ID: "prc_4", ProductID: "prd_old", Amount: 30_000_000, ValidFrom: long},
		{ID: "prc_5", ProductID: "prd_new", Amount: 50_000_000, ValidFrom: change},
		{ID: "prc_6", OptionID: "opt_loader", Amount: 5_000_000, ValidFrom: long},
		{ID: "prc_7", OptionID: "opt_cabin", Amount: 6_000_000, ValidFrom: long},
		{ID: "prc_8", OptionID: "opt_50", Amount: 4_000_000, ValidFrom: long},
	})
	w.insert(&[]catalogue.Media{
		{ID: "med_2", ProductID: "prd_55", Kind: catalogue.File, URL: "/media/b", Title: "둘째", DurationSeconds: 60, Chapters: []catalogue.Chapter{}, Position: 2},
		{ID: "med_1", ProductID: "prd_55", Kind: catalogue.YouTube, URL: "https://youtu.be/x", Title: "첫째", DurationSeconds: 90, Position: 1, Chapters: []catalogue.Chapter{{AtSecond: 5, Title: "논갈이", Crop: "RICE"}}},
	})
	w.insert(&[]catalogue.FinanceProgramme{
		{ID: "fin_now", OrganizationID: "org_lender", Name: "들녘 할부", RateBP: 450, TermMonths: []int{36, 60}, MaxShareBP: 8_000, ValidFrom: long},
		{ID: "fin_over", OrganizationID: "org_lender", Name: "지난 할부", RateBP: 100, TermMonths: []int{12}, MaxShareBP: 8_000, ValidFrom: long, ValidUntil: opening},
	})
}

func (w *world) insert(rows any) {
	w.Helper()
	require.NoError(w, w.db.Insert(context.Background(), rows))
}

// count counts the rows of a table.
func (w *world) count(table, where string, args ...any) int {
	w.Helper()
	n, err := w.db.Count(context.Background(), table, where, args...)
	require.NoError(w, err)
	return n
}

// acts counts acts of a kind.
func (w *world) acts(kind act.Kind) int {
	w.Helper()
	return w.count("acts", "kind = ?", kind)
}

// refused checks that err is one fault with that code, key and field.
func (w *world) refused(err error, code fault.Code, key, field string) {
	w.Helper()
	faults, only := fault.All(err)
	if assert.True(w, only, "%v is no fault", err) && assert.Len(w, faults, 1) {
		assert.Equal(w, fault.Fault{Code: code, Key: key, Field: field}, fault.Fault{Code: faults[0].Code, Key: faults[0].Key, Field: faults[0].Field})
	}
}

// ptr points at a value, for inputs that may be left out.
func ptr[T any](v T) *T { return &v }
