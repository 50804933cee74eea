-- Which dealer a dealership's organisation runs. Whoever works there today tells.
ALTER TABLE organizations ADD COLUMN dealer_id {{.ID}};

--bun:split
UPDATE organizations SET dealer_id = (
  SELECT MIN(users.dealer_id) FROM users WHERE users.organization_id = organizations.id AND users.dealer_id IS NOT NULL
) WHERE kind = 'DEALERSHIP' AND id IN (
  SELECT MIN(organization_id) FROM users WHERE dealer_id IS NOT NULL GROUP BY dealer_id
);

--bun:split
CREATE UNIQUE INDEX organizations_dealer ON organizations (dealer_id);
