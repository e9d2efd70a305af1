"""The desks and the street's board: plain values made from the read model, and the templates that show them."""
