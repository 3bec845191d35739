"""What runs in the sandbox's processes: of Conduet only this folder, beside Python's own library and the engine."""
