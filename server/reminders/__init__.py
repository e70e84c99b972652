"""One message at one moment through one channel: rules, deliveries, and what became of them."""
