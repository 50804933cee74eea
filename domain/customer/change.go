package customer

import (
	"context"
	"math"
	"strings"
	"time"

	"dure/domain/fault"
	"dure/domain/kst"
	"dure/domain/text"
)

// change applies what in says to c, sealing what is personal.
func (s *Service) change(ctx context.Context, c *Customer, in UpdateCustomerInput, now time.Time) error {
	if in.Name != nil {
		name := strings.TrimSpace(*in.Name)
		if name == "" {
			return fault.New(fault.Invalid, "customer.name_missing").On("name")
		}
		if err := text.Check(name, MaxName, "name"); err != nil {
			return err
		}
		c.Name, c.NameInitials = name, HangulInitials(name)
	}
	if in.BirthYear != nil {
		if err := birthYear(*in.BirthYear, now); err != nil {
			return err
		}
		c.BirthYear = *in.BirthYear
	}
	if err := s.reach(c, in); err != nil {
		return err
	}
	if err := s.move(ctx, c, in); err != nil {
		return err
	}
	c.UpdatedAt = now
	if in.Farm == nil {
		return nil
	}
	return in.Farm.over(&c.Farm, now)
}

// reach seals how the customer is reached.
func (s *Service) reach(c *Customer, in UpdateCustomerInput) (err error) {
	if in.Phone != nil {
		c.PhoneSealed, c.PhoneIndex, err = s.sealed(sealedPhone, *in.Phone, s.Sealer.NormalisePhone)
		if err != nil {
			return onField(err, "phone")
		}
	}
	if in.Mail != nil {
		if err := text.Check(*in.Mail, MaxAddress, "mail"); err != nil {
			return err
		}
		c.MailSealed, c.MailIndex, err = s.sealed(sealedMail, *in.Mail, s.Sealer.NormaliseMail)
		if err != nil {
			return onField(err, "mail")
		}
	}
	if in.Address != nil {
		if err := text.Check(*in.Address, MaxAddress, "address"); err != nil {
			return err
		}
		c.AddressSealed, _, err = s.sealed(sealedAddress, *in.Address, func(a string) (string, error) { return strings.TrimSpace(a), nil })
	}
	return err
}

// sealed returns a value sealed, and its blind index; both empty for nothing.
func (s *Service) sealed(purpose, value string, normalise func(string) (string, error)) (sealed, index string, err error) {
	if strings.TrimSpace(value) == "" {
		return "", "", nil
	}
	normal, err := normalise(value)
	if err != nil {
		return "", "", err
	}
	if sealed, err = s.Sealer.Seal(purpose, normal); err != nil {
		return "", "", err
	}
	return sealed, s.Sealer.BlindIndex(purpose, normal), nil
}

// move changes where the customer lives; the place must exist.
func (s *Service) move(ctx context.Context, c *Customer, in UpdateCustomerInput) error {
	if in.RegionCode != nil && *in.RegionCode != c.RegionCode {
		if _, err := s.Channel.Region(ctx, *in.RegionCode); err != nil {
			return fault.Refer(err, "regionCode")
		}
		c.RegionCode, c.DistrictCode = *in.RegionCode, ""
	}
	if in.DistrictCode == nil || *in.DistrictCode == c.DistrictCode {
		return nil
	}
	if *in.DistrictCode != "" {
		rows, err := s.Channel.DistrictsByCode(ctx, []string{*in.DistrictCode})
		if err != nil {
			return err
		}
		if d, ok := rows[*in.DistrictCode]; !ok || d.RegionCode != c.RegionCode {
			return fault.New(fault.NotFound, "customer.unknown_district").On("districtCode")
		}
	}
	c.DistrictCode = *in.DistrictCode
	return nil
}

// Bounds of what a farm can be.
const (
	maxSquareMetres = 100_000_000 // 100 km², of one field and of all
	maxOperators    = 1_000
	maxHorsepower   = 2_000
)

// over applies what in says to f.
func (in *FarmInput) over(f *Farm, now time.Time) error {
	if len(in.Parcels) > MaxItems || len(in.Machines) > MaxItems {
		return fault.New(fault.Invalid, "text.too_many", MaxItems).On("farm")
	}
	if err := text.CheckList(in.Crops, MaxItems, MaxName, "farm.crops"); err != nil {
		return err
	}
	if err := text.CheckList(in.Attachments, MaxItems, MaxName, "farm.attachments"); err != nil {
		return err
	}
	if in.Parcels != nil {
		f.Parcels = make([]Parcel, len(in.Parcels))
		for i, p := range in.Parcels {
			var err error
			if f.Parcels[i], err = p.parcel(); err != nil {
				return err
			}
		}
		if f.SquareMetres() > maxSquareMetres {
			return fault.New(fault.Invalid, "customer.bad_area").On("farm.parcels")
		}
	}
	if in.Machines != nil {
		f.Machines = make([]Machine, len(in.Machines))
		for i, m := range in.Machines {
			if err := m.check(now); err != nil {
				return err
			}
			f.Machines[i] = Machine(m)
		}
	}
	if in.Crops != nil {
		f.Crops = in.Crops
	}
	if in.Attachments != nil {
		f.Attachments = in.Attachments
	}
	if in.Terrain != nil {
		f.Terrain = *in.Terrain
	}
	return in.numbers(f, now)
}

func (in *FarmInput) numbers(f *Farm, now time.Time) error {
	if in.Operators != nil {
		if *in.Operators < 0 || *in.Operators > maxOperators {
			return fault.New(fault.Invalid, "customer.bad_number", maxOperators).On("farm.operators")
		}
		f.Operators = *in.Operators
	}
	if in.ReplaceYear != nil {
		year := now.In(kst.Zone).Year()
		if y := *in.ReplaceYear; y != 0 && (y < year-1 || y > year+50) {
			return fault.New(fault.Invalid, "customer.bad_year").On("farm.replaceYear")
		}
		f.ReplaceYear = *in.ReplaceYear
	}
	if in.Household != nil {
		switch *in.Household {
		case "", "FULL_TIME", "PART_TIME", "FIRM":
			f.Household = *in.Household
		default:
			return fault.New(fault.Invalid, "customer.bad_household").On("farm.household")
		}
	}
	return nil
}

func (p ParcelInput) parcel() (Parcel, error) {
	out := Parcel{Name: p.Name, Crop: p.Crop, Terrain: p.Terrain}
	if err := text.Check(p.Name, MaxName, "farm.parcels"); err != nil {
		return out, err
	}
	if err := text.Check(p.Crop, MaxName, "farm.parcels"); err != nil {
		return out, err
	}
	area := -1.0
	switch {
	case p.SquareMetres != nil:
		area = float64(*p.SquareMetres)
	case p.Pyeong != nil:
		area = math.Round(*p.Pyeong * SquareMetresPerPyeong)
	}
	if !(area > 0 && area <= maxSquareMetres) {
		return out, fault.New(fault.Invalid, "customer.bad_area").On("farm.parcels")
	}
	out.SquareMetres = int(area)
	return out, nil
}

func (m MachineInput) check(now time.Time) error {
	for _, s := range []string{m.Maker, m.Model, m.SerialNumber} {
		if err := text.Check(s, MaxName, "farm.machines"); err != nil {
			return err
		}
	}
	if m.Year != 0 && (m.Year < 1900 || m.Year > now.In(kst.Zone).Year()+1) {
		return fault.New(fault.Invalid, "customer.bad_year").On("farm.machines")
	}
	if m.Horsepower < 0 || m.Horsepower > maxHorsepower {
		return fault.New(fault.Invalid, "customer.bad_number", maxHorsepower).On("farm.machines")
	}
	return nil
}
