"""Which languages a service's phones speak: drafts are off until somebody says who checked them."""
