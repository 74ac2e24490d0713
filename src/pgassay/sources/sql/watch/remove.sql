DROP EVENT TRIGGER pgassay_watched;
