UPDATE payments SET note = '';
