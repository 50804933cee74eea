package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
)

// rice is a farm of which six of eight fields are known.
func rice() *customer.FarmInput {
	return &customer.FarmInput{
		Parcels: []customer.ParcelInput{{Name: "앞논", Pyeong: ptr(3000.0), Crop: "RICE", Terrain: customer.Flat}},
		Crops:   []string{"RICE"}, Terrain: ptr(customer.Flat), Machines: []customer.MachineInput{{Model: "DR50", Year: 2012}},
		Attachments: []string{"로터리"}, Operators: ptr(2),
	}
}

// farmer adds a customer of the caller's dealership.
func (w *world) farmer(ctx context.Context, name string) *customer.Customer {
	w.Helper()
	c, err := w.customers.CreateCustomer(ctx, customer.CreateCustomerInput{Name: name})
	require.NoError(w, err)
	return c
}

func TestCreateCustomer(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, err := w.customers.CreateCustomer(w.gimje, customer.CreateCustomerInput{
			Name: " 김논두렁 ", BirthYear: 1957, Phone: "010 0000-4321", Mail: " Farmer@Example.KR ", Address: "김제시 들길 1",
			DistrictCode: "52210", Farm: rice(), ConsentTextID: "personal-data@2",
		})
		require.NoError(w, err)
		for name, read := range map[string]func() (*customer.Customer, error){
			"as it was made": func() (*customer.Customer, error) { return c, nil },
			"as it is read":  func() (*customer.Customer, error) { return w.customers.Customer(w.gimje, c.ID) },
			"as the rep reads it": func() (*customer.Customer, error) {
				rows, err := w.customers.CustomersByID(w.rep, []string{c.ID})
				return ptr(rows[c.ID]), err
			},
		} {
			got, err := read()
			require.NoError(w, err, name)
			assert.Equal(w, "김논두렁", got.Name, name)
			assert.Equal(w, "ㄱㄴㄷㄹ", got.NameInitials, name)
			assert.Equal(w, customer.Person, got.Kind, name)
			assert.Equal(w, "010-0000-4321", got.Phone, name)
			assert.Equal(w, "farmer@example.kr", got.Mail, name)
			assert.Equal(w, "김제시 들길 1", got.Address, name)
			assert.Equal(w, "52", got.RegionCode, "the dealer's province, "+name)
			assert.Equal(w, 9917, got.Farm.SquareMetres(), name)
			assert.Equal(w, 6, got.Farm.Filled(), name)
			assert.Equal(w, "DR50", got.Farm.Machines[0].Model, name)
			assert.True(w, w.now().Equal(got.CreatedAt), name)
			assert.True(w, w.now().Equal(got.ProfiledAt), name)
		}
		for _, kind := range []act.Kind{act.CustomerCreated, act.ConsentRecorded, act.CustomerProfiled} {
			assert.Equal(w, 1, w.acts(kind), kind)
		}
		assert.Zero(w, w.count("customers", "phone_sealed LIKE '%4321%' OR phone_index LIKE '%4321%' OR mail_sealed LIKE '%farmer%' OR address_sealed LIKE '%들길%'"), "nothing personal is readable at rest")
		assert.Zero(w, w.count("acts", "facts LIKE '%4321%' OR facts LIKE '%김논두렁%'"), "nor in the log")
		assert.Zero(w, w.count("idempotency_keys", "1 = 1"))
	})
}

func TestAnUnknownFieldOfACustomerStaysEmpty(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "Lee")
		got, err := w.customers.Customer(w.gimje, c.ID)
		require.NoError(w, err)
		assert.Empty(w, got.Phone+got.Mail+got.Address+got.DistrictCode)
		assert.Zero(w, got.BirthYear)
		assert.True(w, got.ProfiledAt.IsZero())
		assert.Equal(w, 1, got.Version)
		assert.Equal(w, 1, w.count("customers", "phone_sealed IS NULL AND phone_index IS NULL AND birth_year IS NULL AND profiled_at IS NULL"))
		assert.Zero(w, w.acts(act.CustomerProfiled))
	})
}

func TestABadCustomerIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		farm := func(f customer.FarmInput) customer.CreateCustomerInput {
			return customer.CreateCustomerInput{Name: "김", Farm: &f}
		}
		for name, tt := range map[string]struct {
			in         customer.CreateCustomerInput
			key, field string
		}{
			"no name":                      {customer.CreateCustomerInput{Name: "  "}, "customer.name_missing", "name"},
			"a name of 10,000 characters":  {customer.CreateCustomerInput{Name: strings.Repeat("가", 10_000)}, "text.too_long", "name"},
			"a NUL in the name":            {customer.CreateCustomerInput{Name: "김\x00"}, "text.control_character", "name"},
			"a name that is no text":       {customer.CreateCustomerInput{Name: "\xff"}, "text.not_utf8", "name"},
			"an address too long":          {customer.CreateCustomerInput{Name: "김", Address: strings.Repeat("가", 301)}, "text.too_long", "address"},
			"a phone that is none":         {customer.CreateCustomerInput{Name: "김", Phone: "전화 없음"}, "customer.bad_phone", "phone"},
			"born in the future":           {customer.CreateCustomerInput{Name: "김", BirthYear: 2030}, "customer.bad_birth_year", "birthYear"},
			"a negative area":              {farm(customer.FarmInput{Parcels: []customer.ParcelInput{{SquareMetres: ptr(-1)}}}), "customer.bad_area", "farm.parcels"},
			"a parcel without an area":     {farm(customer.FarmInput{Parcels: []customer.ParcelInput{{Crop: "RICE"}}}), "customer.bad_area", "farm.parcels"},
			"an area beyond the earth":     {farm(customer.FarmInput{Parcels: []customer.ParcelInput{{Pyeong: ptr(1e300)}}}), "customer.bad_area", "farm.parcels"},
			"too many parcels":             {farm(customer.FarmInput{Parcels: make([]customer.ParcelInput, 101)}), "text.too_many", "farm"},
			"too many crops":               {farm(customer.FarmInput{Crops: make([]string, 101)}), "text.too_many", "farm.crops"},
			"a crop of 10,000 characters":  {farm(customer.FarmInput{Crops: []string{strings.Repeat("벼", 10_000)}}), "text.too_long", "farm.crops.0"},
			"a negative number of drivers": {farm(customer.FarmInput{Operators: ptr(-1)}), "customer.bad_number", "farm.operators"},
			"a household that is none":     {farm(customer.FarmInput{Household: ptr("ALIEN")}), "customer.bad_household", "farm.household"},
			"a year long gone":             {farm(customer.FarmInput{ReplaceYear: ptr(1999)}), "customer.bad_year", "farm.replaceYear"},
			"a machine of the future":      {farm(customer.FarmInput{Machines: []customer.MachineInput{{Model: "X", Year: 3000}}}), "customer.bad_year", "farm.machines"},
			"done tomorrow":                {customer.CreateCustomerInput{Name: "김", OccurredAt: ptr(opening.Add(time.Hour))}, "act.in_future", "occurredAt"},
			"done long ago":                {customer.CreateCustomerInput{Name: "김", OccurredAt: ptr(opening.AddDate(-2, 0, 0))}, "act.too_old", "occurredAt"},
			"words for something else":     {customer.CreateCustomerInput{Name: "김", ConsentTextID: "marketing@1"}, "consent.other_purpose", "consentTextId"},
		} {
			c, err := w.customers.CreateCustomer(w.gimje, tt.in)
			assert.Nil(w, c, name)
			w.refused(err, fault.Invalid, tt.key, tt.field)
		}
		for field, in := range map[string]customer.CreateCustomerInput{
			"regionCode": {Name: "김", RegionCode: "99"}, "districtCode": {Name: "김", DistrictCode: "41110"}, "consentTextId": {Name: "김", ConsentTextID: "personal-data@9"},
		} {
			_, err := w.customers.CreateCustomer(w.gimje, in)
			faults, _ := fault.All(err)
			require.Len(w, faults, 1)
			assert.Equal(w, fault.NotFound, faults[0].Code)
			assert.Equal(w, field, faults[0].Field)
		}
		assert.Zero(w, w.count("customers", "1 = 1"), "nothing was written")
		assert.Zero(w, w.count("acts", "1 = 1"))
	})
}

func TestCustomersWithinReach(t *testing.T) {
	eachWorld(t, func(w *world) {
		own, others := w.farmer(w.gimje, "김제농부"), w.farmer(w.iksan, "익산농부")
		for name, tt := range map[string]struct {
			ctx  context.Context
			want []string // the newest first
		}{
			"a dealer sees its own":         {w.gimje, []string{own.ID}},
			"another dealer sees its own":   {w.iksan, []string{others.ID}},
			"a rep sees the territory":      {w.rep, []string{own.ID}},
			"another rep sees theirs":       {w.otherRep, []string{others.ID}},
			"headquarters see all":          {w.hq, []string{others.ID, own.ID}},
			"the platform itself sees them": {identity.With(w.nobody, identity.System), []string{others.ID, own.ID}},
		} {
			page, err := w.customers.Customers(tt.ctx, nil, nil, nil)
			require.NoError(w, err, name)
			var ids []string
			for _, c := range page.Nodes {
				ids = append(ids, c.ID)
			}
			assert.Equal(w, tt.want, ids, name)
			assert.Equal(w, len(tt.want), page.TotalCount, name)
		}
		page, err := w.customers.Customers(w.gimje, &customer.CustomerFilter{DealerID: "dlr_iksan"}, nil, nil)
		require.NoError(w, err)
		assert.Zero(w, page.TotalCount, "a filter does not widen the reach")
	})
}

func TestAnotherDealersCustomerDoesNotExist(t *testing.T) {
	eachWorld(t, func(w *world) {
		other, err := w.customers.CreateCustomer(w.iksan, customer.CreateCustomerInput{Name: "익산농부", Phone: "010-0000-7777", ConsentTextID: "personal-data@2"})
		require.NoError(w, err)
		before := w.count("acts", "1 = 1")

		_, err = w.customers.Customer(w.gimje, other.ID)
		w.refused(err, fault.NotFound, "customer.not_found", "")
		_, err = w.customers.Customer(w.rep, other.ID)
		w.refused(err, fault.NotFound, "customer.not_found", "")
		_, err = w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{CustomerID: other.ID, ExpectedVersion: other.Version, Name: ptr("내 손님")})
		w.refused(err, fault.NotFound, "customer.not_found", "customerId")
		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: other.ID, TextID: "marketing@1"})
		w.refused(err, fault.NotFound, "customer.not_found", "customerId")
		_, err = w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: other.ID, Purpose: customer.PersonalData})
		w.refused(err, fault.NotFound, "customer.not_found", "customerId")
		consents, err := w.customers.ConsentsOf(w.gimje, []string{other.ID})
		require.NoError(w, err)
		assert.Empty(w, consents)
		timeline, err := w.customers.Timeline(w.gimje, other.ID, nil, nil)
		if err == nil {
			assert.Zero(w, timeline.TotalCount)
			assert.Empty(w, timeline.Nodes)
		}
		page, err := w.customers.Customers(w.gimje, &customer.CustomerFilter{Phone: "010-0000-7777"}, nil, nil)
		require.NoError(w, err)
		assert.Zero(w, page.TotalCount, "not even by a phone number that one knows")
		assert.Equal(w, before, w.count("acts", "1 = 1"), "nothing was written")
	})
}

func TestWhoMayDoWhatWithCustomers(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김제농부")
		do := map[string]func(ctx context.Context) error{
			"read":     func(ctx context.Context) error { _, err := w.customers.Customer(ctx, c.ID); return err },
			"list":     func(ctx context.Context) error { _, err := w.customers.Customers(ctx, nil, nil, nil); return err },
			"consents": func(ctx context.Context) error { _, err := w.customers.ConsentsOf(ctx, []string{c.ID}); return err },
			"timeline": func(ctx context.Context) error { _, err := w.customers.Timeline(ctx, c.ID, nil, nil); return err },
			"texts":    func(ctx context.Context) error { _, err := w.customers.ConsentTexts(ctx); return err },
			"create": func(ctx context.Context) error {
				_, err := w.customers.CreateCustomer(ctx, customer.CreateCustomerInput{Name: "김"})
				return err
			},
			"update": func(ctx context.Context) error {
				_, err := w.customers.UpdateCustomer(ctx, customer.UpdateCustomerInput{CustomerID: c.ID, ExpectedVersion: 1})
				return err
			},
			"consent": func(ctx context.Context) error {
				_, err := w.customers.RecordConsent(ctx, customer.RecordConsentInput{CustomerID: c.ID, TextID: "marketing@1"})
				return err
			},
			"withdraw": func(ctx context.Context) error {
				_, err := w.customers.WithdrawConsent(ctx, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.Marketing})
				return err
			},
		}
		for name, try := range do {
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(try(w.nobody)), "nobody: "+name)
			assert.Equal(w, fault.Forbidden, fault.CodeOf(try(w.lender)), "a lender: "+name)
		}
		for _, name := range []string{"create", "update", "consent", "withdraw"} {
			assert.Equal(w, fault.Forbidden, fault.CodeOf(do[name](w.rep)), "a rep: "+name)
			assert.Equal(w, fault.Forbidden, fault.CodeOf(do[name](w.hq)), "headquarters: "+name)
		}
	})
}

func TestFindingCustomers(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, name := range []string{"김철수", "김천수", "박철수", "강_산", "100% 농장", "김 철 수"} {
			_, err := w.customers.CreateCustomer(w.gimje, customer.CreateCustomerInput{
				Name: name, Phone: fmt.Sprintf("010-0000-%04d", i), Mail: fmt.Sprintf("farmer%d@example.kr", i),
			})
			require.NoError(w, err)
		}
		for name, tt := range map[string]struct {
			filter customer.CustomerFilter
			want   string // the newest first
		}{
			"by part of a name":                 {customer.CustomerFilter{Search: "철수"}, "박철수 김철수"},
			"by initial consonants":             {customer.CustomerFilter{Search: "ㄱㅊㅅ"}, "김 철 수 김천수 김철수"},
			"by consonants with spaces":         {customer.CustomerFilter{Search: " ㄱ ㅊ "}, "김 철 수 김천수 김철수"},
			"by consonants inside a name":       {customer.CustomerFilter{Search: "ㅊㅅ"}, "김 철 수 박철수 김천수 김철수"},
			"by a phone, however it is written": {customer.CustomerFilter{Phone: "+82 10 0000 0002"}, "박철수"},
			"by a mail address in other case":   {customer.CustomerFilter{Mail: "FARMER1@example.kr"}, "김천수"},
			"an underscore stands for one":      {customer.CustomerFilter{Search: "_"}, "강_산"},
			"a per cent sign stands for one":    {customer.CustomerFilter{Search: "%"}, "100% 농장"},
			"a quote stands for itself":         {customer.CustomerFilter{Search: "'; --"}, ""},
			"a phone nobody has":                {customer.CustomerFilter{Phone: "010-0000-9999"}, ""},
			"a name and a phone, together":      {customer.CustomerFilter{Search: "김", Phone: "010-0000-0002"}, ""},
		} {
			page, err := w.customers.Customers(w.gimje, &tt.filter, nil, nil)
			require.NoError(w, err, name)
			var names []string
			for _, c := range page.Nodes {
				names = append(names, c.Name)
			}
			assert.Equal(w, tt.want, strings.Join(names, " "), name)
		}
		_, err := w.customers.Customers(w.gimje, &customer.CustomerFilter{Phone: "x"}, nil, nil)
		w.refused(err, fault.Invalid, "customer.bad_phone", "filter.phone")
		_, err = w.customers.Customers(w.gimje, &customer.CustomerFilter{Search: strings.Repeat("가", 10_000)}, nil, nil)
		w.refused(err, fault.Invalid, "text.too_long", "filter.search")
	})
}

func TestCustomersPageByPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i := range 5 {
			w.farmer(w.gimje, fmt.Sprintf("농부%d", i))
		}
		var names []string
		var after *string
		for {
			page, err := w.customers.Customers(w.gimje, nil, ptr(2), after)
			require.NoError(w, err)
			assert.Equal(w, 5, page.TotalCount)
			for _, c := range page.Nodes {
				names = append(names, c.Name)
			}
			if !page.PageInfo.HasNextPage {
				break
			}
			after = page.PageInfo.EndCursor
		}
		assert.Equal(w, []string{"농부4", "농부3", "농부2", "농부1", "농부0"}, names)
		tampered := strings.ToUpper(*after)
		_, err := w.customers.Customers(w.gimje, nil, nil, &tampered)
		w.refused(err, fault.Invalid, "page.bad_cursor", "after")
	})
}

func TestUpdateCustomer(t *testing.T) {
	eachWorld(t, func(w *world) {
		made, err := w.customers.CreateCustomer(w.gimje, customer.CreateCustomerInput{
			Name: "김논두렁", BirthYear: 1960, Phone: "010-0000-1111", Mail: "a@example.kr", Address: "들길 1", DistrictCode: "52210", Farm: rice(),
		})
		require.NoError(w, err)
		w.pass(time.Hour)
		got, err := w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{CustomerID: made.ID, ExpectedVersion: made.Version})
		require.NoError(w, err)
		made.Version, made.UpdatedAt = made.Version+1, w.now()
		same := *got
		same.CreatedAt = made.CreatedAt // equal moments may differ in their zone's name
		assert.Equal(w, *made, same, "what is left out stays as it is")

		got, err = w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{
			CustomerID: made.ID, ExpectedVersion: got.Version, Name: ptr("박둑길"), BirthYear: ptr(0), Phone: ptr(""), Address: ptr(""),
			RegionCode: ptr("41"), Farm: &customer.FarmInput{Crops: []string{}, Operators: ptr(0)},
		})
		require.NoError(w, err)
		got, err = w.customers.Customer(w.gimje, got.ID)
		require.NoError(w, err)
		assert.Equal(w, "ㅂㄷㄱ", got.NameInitials)
		assert.Empty(w, got.Phone+got.PhoneIndex+got.Address, "empty removes")
		assert.Equal(w, "a@example.kr", got.Mail)
		assert.Equal(w, "41", got.RegionCode)
		assert.Empty(w, got.DistrictCode, "a district of another province goes")
		assert.Equal(w, 4, got.Farm.Filled())
		assert.Equal(w, 2, w.acts(act.CustomerUpdated))
		assert.Equal(w, 1, w.count("customers", "phone_sealed IS NULL AND phone_index IS NULL"))
	})
}

func TestAStaleUpdateIsAConflict(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김논두렁")
		in := customer.UpdateCustomerInput{CustomerID: c.ID, ExpectedVersion: c.Version, Name: ptr("박둑길")}
		_, err := w.customers.UpdateCustomer(w.gimje, in)
		require.NoError(w, err)
		in.Name = ptr("최물꼬")
		_, err = w.customers.UpdateCustomer(w.gimje, in)
		w.refused(err, fault.Conflict, "customer.changed", "expectedVersion")
		got, err := w.customers.Customer(w.gimje, c.ID)
		require.NoError(w, err)
		assert.Equal(w, "박둑길", got.Name)

		in.ExpectedVersion = got.Version
		errs := atOnce(8, func(i int) error {
			mine := in
			mine.Name = ptr(fmt.Sprintf("농부%d", i))
			_, err := w.customers.UpdateCustomer(w.gimje, mine)
			return err
		})
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			assert.Equal(w, fault.Conflict, fault.CodeOf(err), "%v", err)
		}
		assert.Equal(w, 1, won, "of those who read the same version one writes")
	})
}
