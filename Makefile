.DEFAULT_GOAL := help
.PHONY: setup
setup: ## Make .venv with everything that development needs
	@sh scripts/setup.sh requirements-dev.lock
