SELECT w.place, w.tag, w.state, w.columns FROM pgassay.watched w ORDER BY w.place
