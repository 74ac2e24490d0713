ALTER TABLE payments ALTER amount TYPE double precision;
